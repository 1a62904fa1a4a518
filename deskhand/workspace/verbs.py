"""What happens to a ticket by POST, and the one place where a refusal becomes words for the person."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.tickets.actions.opening import SubjectNotValid
from deskhand.tickets.actions.properties import TagNotValid
from deskhand.tickets.actions.status import StatusNeedsTime
from deskhand.tickets.models import Ticket
from deskhand.tickets.queries.inbox import Cursor
from deskhand.web.access import View, for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.attention import list_at
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.places import ListPlace
from deskhand.workspace.screen import Screen, seen_ticket


class Refused(ValueError):
    """What was sent cannot be used; the words say what to do instead."""


REFUSALS = (Refused, SubjectNotValid, TagNotValid, StatusNeedsTime)
Verb = Callable[[DeskRequest, Ticket], str | None]


def ticket_verb(permission: Permission | None = None) -> Callable[[Verb], View]:
    """Make a view of a function that does one thing to a ticket and returns what to say about it, if anything.

    Afterwards the page is shown anew: its changed parts to a script, by redirect to a plain form. A refusal is said
    in a toast, and nothing that was typed goes away.
    """

    def decorate(verb: Verb) -> View:
        @for_agents(permission)
        @require_POST
        @wraps(verb)
        def view(request: DeskRequest, number: int) -> HttpResponseBase:
            ticket = seen_ticket(request.agent, number)
            try:
                said = verb(request, ticket)
            except REFUSALS as error:
                return refuse(request, number, str(error))
            return changed(request, number, said=said or "")

        return view

    return decorate


def refuse(request: DeskRequest, number: int, words: str) -> HttpResponseBase:
    """Answer that this cannot be done, and leave everything as it is."""
    if wants_fragment(request):
        response = Screen(request, number).part("workspace/refusal.html", {"words": words}, status=422)
        response["HX-Reswap"] = "none"
        return response
    messages.error(request, words)
    return redirect(ListPlace(request.GET).to_ticket(number))


def changed(request: DeskRequest, number: int, *, said: str = "", undo: str = "") -> HttpResponseBase:
    """Show the ticket after a change. Someone who may not see it any more goes back to the list."""
    place = ListPlace(request.GET)
    if not Ticket.objects.visible_to(request.agent).filter(number=number).exists():
        return go_to(request, place.address)
    if not wants_fragment(request):
        say(request, said, undo=undo)
        return redirect(place.to_ticket(number))
    screen = Screen(request, number)
    read_to = screen.ticket.read_to
    said_now = {"said": said, "undo": undo}
    return screen.part("workspace/changed.html", screen.details(), screen.timeline(read_to=read_to), said_now)


def go_on(request: DeskRequest, after: Cursor, *, said: str, undo: str) -> HttpResponseBase:
    """Show the ticket that follows a place in the list, or the list where none is left."""
    place = ListPlace(request.GET)
    now = request.act.at
    rows = list_at(request.agent, place, now, after=after).rows or list_at(request.agent, place, now).rows
    say_later = not wants_fragment(request) or not rows
    if say_later:
        say(request, said, undo=undo)
        return go_to(request, place.to_ticket(rows[0].number) if rows else place.first_page)
    screen = Screen(request, rows[0].number)
    context = screen.everything() | {"notice": None, "said": said, "undo": undo}
    response = screen.part("workspace/conversation_alone.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#conversation", "innerHTML"
    response["HX-Push-Url"] = place.to_ticket(rows[0].number)
    return response


def go_to(request: DeskRequest, address: str) -> HttpResponseBase:
    """Leave for another page."""
    if not wants_fragment(request):
        return redirect(address)
    response = HttpResponse()
    response["HX-Redirect"] = address
    return response


def say(request: DeskRequest, words: str, *, undo: str = "") -> None:
    """Say something on the next page, with the address that takes it back."""
    if words:
        messages.success(request, words, extra_tags=f"undo:{undo}" if undo else "")
