"""Tags: the team's own labels."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.core.paging import NameCursor
from deskhand.tickets.actions.tags import TagNameTaken, remove_tag, rename_tag
from deskhand.tickets.models import Tag
from deskhand.tickets.queries.labels import list_tags, tickets_of_tag
from deskhand.web.access import for_agents
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import TagForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_tags"


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def tags(request: DeskRequest) -> HttpResponseBase:
    """List the tags with how many tickets have them."""
    words, after = words_in(request.GET), place_in(request.GET, NameCursor)
    found = list_tags(words=words, after=after)
    ways = links(reverse("workspace:settings_tags"), after, found.next_cursor, q=words)
    return settings_page(request, "tags.html", {"list": found, "words": words} | ways, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def tag(request: DeskRequest, tag_id: int) -> HttpResponseBase:
    """Rename a tag on all its tickets."""
    row = get_object_or_404(Tag, pk=tag_id)
    form = TagForm(posted(request), initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {TagNameTaken: "name"}):
            rename_tag(tag_id=row.pk, **form.cleaned_data, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_tags")
    context = {"tag": row, "form": Shown(form)}
    return settings_page(request, "tag.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def removal(request: DeskRequest, tag_id: int) -> HttpResponseBase:
    """Ask once more, then take the tag off its tickets."""
    row = get_object_or_404(Tag, pk=tag_id)
    if request.method == "POST":
        remove_tag(tag_id=row.pk, act=request.act)
        messages.success(request, f"“{row.name}” was removed.")
        return redirect("workspace:settings_tags")
    context = {"tag": row, "count": tickets_of_tag(row)}
    return settings_page(request, "tag_removal.html", context, section=SECTION)
