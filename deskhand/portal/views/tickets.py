"""Lists: the home page, closed tickets, search."""

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from deskhand.portal.maintenance import box_chart, figures_for
from deskhand.portal.pages import page
from deskhand.portal.promises import closed_words, promised_days
from deskhand.sla.queries.promises import office_hours_now
from deskhand.tickets.client_view import Wanted, client_home, find_tickets
from deskhand.web.access import for_contacts
from deskhand.web.viewers import DeskRequest

LONGEST_SEARCH = 200


@for_contacts
@require_GET
def home(request: DeskRequest) -> HttpResponseBase:
    """Show the open tickets, those that await the client first."""
    today = timezone.localdate(request.act.at)
    return page(
        request,
        "portal/home.html",
        home=(shown := client_home(request.contact)),
        promised=promised_days(shown.with_us),
        closed_words=closed_words(office_hours_now(request.act.at), now=request.act.at),
        maintenance=figures_for(request.contact, today=today),
        box_chart=box_chart,
    )


@for_contacts
@require_GET
def closed(request: DeskRequest) -> HttpResponseBase:
    """Show closed tickets."""
    return _results(request, default_state="closed")


@for_contacts
@require_GET
def search(request: DeskRequest) -> HttpResponseBase:
    """Find tickets by words, state and whose they are."""
    return _results(request, default_state="")


def _results(request: DeskRequest, *, default_state: str) -> HttpResponseBase:
    state = request.GET.get("state", default_state)
    wanted = Wanted(
        words=request.GET.get("q", "")[:LONGEST_SEARCH],
        state=state if state in {"open", "closed"} else "",
        only_own=request.GET.get("whose") == "mine",
        page=_whole(request.GET.get("page", "")),
    )
    found = find_tickets(request.contact, wanted)
    return page(request, "portal/search.html", wanted=wanted, found=found, promised=promised_days(found.rows))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1  # noqa: PLR2004 (digits)
