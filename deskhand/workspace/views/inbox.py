"""The list of a view, with nothing chosen beside it."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from deskhand.accounts.models import Agent
from deskhand.core.numbers import whole_number
from deskhand.tickets.models import Ticket
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.attention import list_at, marks
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.pages import page
from deskhand.workspace.places import ListPlace


@for_agents()
@require_GET
def home(_request: DeskRequest) -> HttpResponseBase:
    """Go on to the inbox."""
    return redirect("workspace:inbox")


@for_agents()
@require_GET
@vary_on_headers("HX-Request-Type")
def inbox(request: DeskRequest) -> HttpResponseBase:
    """Show a view's list. A ticket's number in the search field leads to the ticket."""
    place = ListPlace(request.GET)
    number = _number_typed(request.agent, place.words)
    if number is not None:
        return redirect("workspace:ticket", number)
    found = list_at(request.agent, place, request.act.at, after=place.after)
    template = "workspace/list_alone.html" if wants_fragment(request) else "workspace/inbox.html"
    context = {"list": found, "place": place} | marks(request.act.at)
    return page(request, template, context, view=place.view)


def _number_typed(agent: Agent, words: str) -> int | None:
    """Return the number typed ("1042", "#1042") if it is that of a ticket this agent sees."""
    number = whole_number(words.removeprefix("#"))
    if number is None:
        return None
    return Ticket.objects.visible_to(agent).filter(number=number).values_list("number", flat=True).first()
