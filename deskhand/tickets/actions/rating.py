"""Rating how a ticket was solved."""

from django.db import transaction

from deskhand.clients.models import Contact
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import TicketRated
from deskhand.tickets.models import Rating, Verdict
from deskhand.tickets.queries.ratings import rated_until

COMMENT_LIMIT = 1000


class RatingNotPossible(ValueError):
    """The ticket is not closed or was closed too long ago, or this desk asks for no ratings."""


@transaction.atomic
def rate(*, ticket_id: int, contact: Contact, verdict: Verdict, comment: str, act: Act) -> Rating:
    """Say how the last resolution was, or change what was said. The same again records nothing.

    Raises RatingNotPossible for a ticket that is open, so many days after it was closed as the settings say, and
    where they ask for no ratings.
    """
    ticket = locked(ticket_id)
    until = rated_until(ticket)
    if ticket.closed_at is None or until is None or act.at > until:
        raise RatingNotPossible
    said = one_line(comment)[:COMMENT_LIMIT]
    before = Rating.objects.filter(ticket=ticket, closed_at=ticket.closed_at).first()
    if before is not None and (before.verdict, before.comment) == (verdict, said):
        return before
    rating, _ = Rating.objects.update_or_create(
        ticket=ticket,
        closed_at=ticket.closed_at,
        defaults={"verdict": verdict, "comment": said, "rated_by": contact, "rated_at": act.at},
    )
    record(TicketRated(subject_id=ticket.pk, verdict=verdict, comment=said), act=act)
    return rating
