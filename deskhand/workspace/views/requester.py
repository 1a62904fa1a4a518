"""Saying whose ticket a forwarded mail is."""

from deskhand.accounts.roles import Permission
from deskhand.mail.actions.forwarded import AlreadyDecided, SenderWorksHere, accept_sender, refuse_sender
from deskhand.tickets.actions.conversation import TooLateToReopen
from deskhand.tickets.actions.requester import AlreadyShared
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import Refused, ticket_verb

PLACE_DIGITS = 4
"""Of a file's place in a mail: none has as many parts."""


@ticket_verb(Permission.TICKETS_CREATE)
def requester(request: DeskRequest, ticket: Ticket) -> str:
    """Make the sender of the forwarded mail the requester, or leave the ticket with who forwarded it."""
    try:
        if request.POST.get("answer") != "accept":
            refuse_sender(ticket_id=ticket.pk, act=request.act)
            return "The ticket stays as it is."
        chosen = {int(one) for one in request.POST.getlist("files") if one.isdecimal() and len(one) <= PLACE_DIGITS}
        name = accept_sender(ticket_id=ticket.pk, act=request.act, chosen=chosen)
    except (AlreadyDecided, SenderWorksHere, AlreadyShared) as error:
        raise Refused(str(error)) from error
    except TooLateToReopen as error:
        raise Refused("This ticket was closed too long ago. Open a new one for them.") from error
    return f"{name} is the requester now."
