"""How to get the best out of the desk, and what is announced."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.clients.actions.portal_words import dismiss_announcement
from deskhand.clients.queries.portal_words import help_sections
from deskhand.portal.pages import page
from deskhand.portal.promises import closed_words, usual_promise
from deskhand.sla.queries.promises import office_hours_now
from deskhand.sla.queries.versions import default_hours
from deskhand.sla.week_words import week_words
from deskhand.web.access import for_contacts
from deskhand.web.sessions import safe_path
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_GET
def help_page(request: DeskRequest) -> HttpResponseBase:
    """Show the tips, what is promised, and how the desk is reached."""
    now, calendar = request.act.at, default_hours().calendar
    return page(
        request,
        "portal/help.html",
        sections=help_sections(),
        promise=usual_promise(request.contact, now=now),
        closed_words=closed_words(office_hours_now(now), now=now),
        hours=week_words(calendar.week),
        zone=calendar.zone.key.replace("_", " "),
    )


@for_contacts
@require_http_methods(["GET", "POST"])
def announcement_dismissal(request: DeskRequest) -> HttpResponseBase:
    """Show the announcement no more, and go back to the page it stood on."""
    if request.method == "POST":
        dismiss_announcement(contact=request.contact, version=request.POST.get("version", ""))
    back = safe_path(request.POST.get("back", ""))
    return HttpResponseRedirect(back or reverse("portal:home"))
