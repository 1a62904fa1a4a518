"""A ticket's tags."""

from deskhand.accounts.roles import Permission
from deskhand.tickets.actions.properties import change_tags
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import ticket_verb


@ticket_verb(Permission.TICKETS_CHANGE)
def tags(request: DeskRequest, ticket: Ticket) -> None:
    """Put tags on (`add`, commas part several; new ones are created) and take some off (`remove`)."""
    added = [name for text in request.POST.getlist("add") for name in text.split(",")]
    change_tags(ticket_id=ticket.pk, add=added, remove=request.POST.getlist("remove"), act=request.act)
