"""The spam list: whose mail is refused before it becomes a ticket."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.paging import NameCursor
from deskhand.mail.actions.spam import ListingHurts, ListingNotValid, list_sender, unlist_sender
from deskhand.mail.models import SpamListing
from deskhand.mail.queries.spam import spam_list, still_refused
from deskhand.web.access import for_agents
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail import ListingForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_spam"


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def spam(request: DeskRequest) -> HttpResponseBase:
    """Show the list, and put a sender or a domain on it."""
    form = ListingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form, {ListingHurts: "is_sure", ListingNotValid: "value"}):
            row, is_new = list_sender(**form.cleaned_data, act=request.act)
            is_refused = f"Mail from {row.value} is refused from now on."
            messages.success(request, is_refused if is_new else f"{row.value} was on the list already.")
            return redirect("workspace:settings_spam")
    words, after = words_in(request.GET), place_in(request.GET, NameCursor)
    found = spam_list(words=words, after=after)
    ways = links(reverse("workspace:settings_spam"), after, found.next_cursor, q=words)
    context = {"list": found, "words": words, "form": Shown(form)} | ways
    return settings_page(request, "spam_list.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, listing_id: int) -> HttpResponseBase:
    """Take an entry off the list."""
    row = get_object_or_404(SpamListing, pk=listing_id)
    unlist_sender(listing_id=row.pk, act=request.act)
    messages.success(request, still_refused(row.value) or f"Mail from {row.value} makes tickets again.")
    return redirect("workspace:settings_spam")
