"""A ticket's status, and closing and reopening it."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.status import close_ticket, reopen_ticket, set_status
from deskhand.tickets.models import Status, Ticket
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.screen import seen_page
from deskhand.workspace.verbs import Refused, changed, go_on, ticket_verb


@ticket_verb(Permission.TICKETS_CHANGE)
def status(request: DeskRequest, ticket: Ticket) -> None:
    """Set one of the desk's statuses."""
    found = Status.objects.filter(pk=whole_number(request.POST.get("status", "")) or 0).first()
    if found is None:
        raise Refused("That status is gone. Load the page again and choose another.")
    set_status(ticket_id=ticket.pk, status=found, act=request.act)


@for_agents(Permission.TICKETS_CHANGE)
@require_POST
def closing(request: DeskRequest, number: int) -> HttpResponseBase:
    """Close the ticket and go on to the next one of the list."""
    ticket = seen_page(request.agent, number)
    close_ticket(ticket_id=ticket.id, act=request.act)
    undo = reverse("workspace:reopening", args=[number])
    return go_on(request, ticket.cursor, said=f"#{number} is closed.", undo=undo)


@for_agents(Permission.TICKETS_CHANGE)
@require_POST
def reopening(request: DeskRequest, number: int) -> HttpResponseBase:
    """Open a closed ticket again and stay with it."""
    ticket = seen_page(request.agent, number)
    reopen_ticket(ticket_id=ticket.id, act=request.act)
    return changed(request, number, said=f"#{number} is open again.")
