"""Being kept informed of a ticket."""

from deskhand.tickets.actions.assignment import follow, unfollow
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import ticket_verb


@ticket_verb()
def following(request: DeskRequest, ticket: Ticket) -> str:
    """Follow the ticket, or with `stop` no longer."""
    if "stop" in request.POST:
        unfollow(ticket_id=ticket.pk, agent=request.agent, act=request.act)
        return f"You no longer follow #{ticket.number}."
    follow(ticket_id=ticket.pk, agent=request.agent, act=request.act)
    return f"You follow #{ticket.number}."
