"""A client asks how far a ticket is."""

from datetime import datetime

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import TicketChased
from deskhand.tickets.models import Kind


class NotWithUs(ValueError):
    """The ticket is closed, or it is the client's turn."""


@transaction.atomic
def ask_for_update(*, ticket_id: int, last_asked_at: datetime | None, act: Act) -> bool:
    """Mark the ticket chased; return False where somebody asked meanwhile, so that asking twice at once counts once.

    `last_asked_at` is when it was chased last, as far as the asker knew. Raises NotWithUs.
    """
    ticket = locked(ticket_id)
    if ticket.kind in {Kind.CLOSED, Kind.PENDING}:
        raise NotWithUs
    if ticket.chased_at != last_asked_at:
        return False
    ticket.chased_at = act.at
    ticket.save(update_fields=["chased_at"])
    record(TicketChased(subject_id=ticket.pk), act=act)
    return True
