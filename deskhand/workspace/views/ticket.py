"""A ticket's page and the parts of it that are read on their own."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from deskhand.core.numbers import whole_number
from deskhand.notifications.actions.reading import read_ticket
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.queries.bodies import framed_message
from deskhand.tickets.queries.history import history_of
from deskhand.web.access import for_agents
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.attention import marks, row_at
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.pages import frame
from deskhand.workspace.places import ListPlace
from deskhand.workspace.screen import Screen, seen_ticket


@for_agents()
@require_GET
@vary_on_headers("HX-Request-Type")
def show(request: DeskRequest, number: int) -> HttpResponseBase:
    """Show the ticket. A part may be fetched before anybody looks; it asks to be marked as read when it is seen."""
    screen = Screen(request, number)
    if wants_fragment(request):
        return screen.part("workspace/conversation_alone.html", screen.everything(), {"notice": None})
    ticket = screen.ticket
    if ticket.read_to < ticket.entry_count or ticket.has_unseen_mention:
        mark_read(user=request.agent.user, ticket_id=ticket.id, position=ticket.entry_count, act=request.act)
    if ticket.besides["told"] is not None:
        read_ticket(agent=request.agent, ticket_id=ticket.id, act=request.act)
    return screen.whole()


@for_agents()
@require_GET
def timeline(request: DeskRequest, number: int) -> HttpResponseBase:
    """Answer with the thread alone, with what is new since the page was opened."""
    screen = Screen(request, number)
    read_to = whole_number(request.GET.get("read_to", "")) or 0
    return screen.part(
        "workspace/timeline_alone.html", screen.timeline(read_to=read_to, is_whole="whole" in request.GET)
    )


@for_agents()
@require_GET
def details(request: DeskRequest, number: int) -> HttpResponseBase:
    """Answer with what stands beside the thread."""
    screen = Screen(request, number)
    return screen.part("workspace/details_alone.html", screen.details())


@for_agents()
@require_GET
@vary_on_headers("HX-Request-Type")
def history(request: DeskRequest, number: int) -> HttpResponseBase:
    """Show everything that happened: when exactly, who, and through which door."""
    screen = Screen(request, number)
    template = "workspace/history_list.html" if wants_fragment(request) else "workspace/history.html"
    return screen.part(template, {"happenings": history_of(screen.ticket.id, agent=request.agent)})


@for_agents()
@require_GET
def row(request: DeskRequest, number: int) -> HttpResponseBase:
    """Answer with the ticket's row in the list."""
    ticket = seen_ticket(request.agent, number)
    found = row_at(request.agent, ticket.pk)
    context = frame(request) | {"place": ListPlace(request.GET), "row": found} | marks(request.act.at)
    return render(request, "workspace/row.html", context)


@for_agents()
@require_POST
def reading(request: DeskRequest, number: int) -> HttpResponseBase:
    """Remember how far the agent has read, and answer with what looks otherwise for it: the row and the counts."""
    ticket = seen_ticket(request.agent, number)
    position = min(whole_number(request.POST.get("position", "")) or 0, ticket.entry_count)
    mark_read(user=request.agent.user, ticket_id=ticket.pk, position=position, act=request.act)
    read_ticket(agent=request.agent, ticket_id=ticket.pk, act=request.act)
    if not wants_fragment(request):
        return HttpResponse(status=204)
    screen = Screen(request, number)
    found = row_at(request.agent, ticket.pk)
    return screen.part("workspace/reading.html", {"row": found}, marks(request.act.at))


@for_agents()
@require_GET
def body(request: DeskRequest, number: int, public_id: str) -> HttpResponseBase:
    """Answer with a mail's own layout, for the frame in the conversation; with ?quoted, what it quoted."""
    ticket = seen_ticket(request.agent, number)
    html = framed_message(ticket.pk, public_id, is_quoted="quoted" in request.GET)
    if html is None:
        raise Http404
    return framed_page(html, query=request.GET)
