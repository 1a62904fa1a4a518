"""Lists: the home page, closed tickets, search."""

from enum import StrEnum

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from deskhand.portal.asked import DaysAsked, choice_asked, one_asked, page_asked
from deskhand.portal.maintenance import box_chart, figures_for
from deskhand.portal.pages import page
from deskhand.portal.promises import closed_words, promised_days
from deskhand.sla.queries.promises import office_hours_now
from deskhand.tickets.client_view import Wanted, categories_of, client_home, find_tickets
from deskhand.web.access import for_contacts
from deskhand.web.paging import words_in
from deskhand.web.viewers import DeskRequest


class State(StrEnum):
    """The two states clients know."""

    OPEN = "open"
    CLOSED = "closed"


class Whose(StrEnum):
    """Whose tickets."""

    MINE = "mine"


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
    return _results(request, default_state=State.CLOSED)


@for_contacts
@require_GET
def search(request: DeskRequest) -> HttpResponseBase:
    """Find tickets by words, state, whose they are, what they are about and when they were opened."""
    return _results(request, default_state=None)


def _results(request: DeskRequest, *, default_state: State | None) -> HttpResponseBase:
    given, days = request.GET, DaysAsked(request.GET)
    state = choice_asked(given, "state", State) if "state" in given else default_state
    categories = categories_of(request.contact)
    wanted = Wanted(
        words=words_in(given),
        state=state or "",
        only_own=choice_asked(given, "whose", Whose) is Whose.MINE,
        category=one_asked(given, "category", [slug for slug, _ in categories]),
        opened_from=days.beginning,
        opened_before=days.end,
        page=page_asked(given),
    )
    found = find_tickets(request.contact, wanted)
    promised = promised_days(found.rows)
    return page(
        request,
        "portal/search.html",
        wanted=wanted,
        found=found,
        promised=promised,
        days=days,
        categories=categories,
    )
