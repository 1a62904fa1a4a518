"""Sending a mail again that failed, or of which nobody knows whether it arrived."""

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.mail.actions.resending import StillSuppressed, send_again
from deskhand.mail.models import Delivery
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import Refused, ticket_verb


@ticket_verb(Permission.TICKETS_REPLY)
def deliveries(request: DeskRequest, ticket: Ticket) -> str:
    """Send one of the ticket's mails to one recipient again."""
    wanted = whole_number(request.POST.get("delivery", ""))
    if wanted is None or not Delivery.objects.filter(pk=wanted, mail__ticket=ticket).exists():
        raise Refused("That mail is not there any more. Load the page again.")
    try:
        send_again(delivery_id=wanted, act=request.act)
    except StillSuppressed as error:
        raise Refused(str(error)) from error
    return "It is sent again."
