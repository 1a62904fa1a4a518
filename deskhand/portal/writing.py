"""What a client writes on a ticket, signed in or by a link: kept once, however often the form is sent."""

from deskhand.tickets.actions.conversation import NewMessage, TooLateToReopen, post_client_reply
from deskhand.tickets.actions.follow_ups import open_follow_up
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.queries.submissions import submitted
from deskhand.web.composing import Composed
from deskhand.web.viewers import DeskRequest


class NotSent(Exception):
    """Nothing was written; the form is to come back, with this HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def post_reply(request: DeskRequest, ticket: Ticket, composed: Composed) -> tuple[Message, bool]:
    """Return the reply, and whether it is new: the same form may have written it before. Raises NotSent."""
    # Asked after the files were looked for: where they are gone because the same form took them, this finds it.
    if (before := submitted(request.contact.user, composed.key)) is not None:
        return before, False
    new = _message(composed)
    try:
        return post_client_reply(ticket_id=ticket.pk, contact=request.contact, new=new, act=request.act), True
    except TooLateToReopen as error:
        raise NotSent(409) from error


def open_another(request: DeskRequest, ticket: Ticket, composed: Composed) -> tuple[Ticket, bool]:
    """Return the ticket that goes on from one closed long ago, and whether it is new, as above. Raises NotSent."""
    if (before := submitted(request.contact.user, composed.key)) is not None:
        return before.ticket, False
    return open_follow_up(ticket, request.contact, _message(composed), act=request.act), True


def _message(composed: Composed) -> NewMessage:
    new = composed.message()
    if new is None:
        raise NotSent(422)
    return new
