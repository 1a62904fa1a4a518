"""Locking a ticket, and taking the next position in its thread."""

from functools import partial

from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.core.prepared import lock_name
from deskhand.core.remembering import remembered
from deskhand.tickets.models import Status, Ticket


def locked(ticket_id: int) -> Ticket:
    """Return the ticket with its row locked until the transaction ends. Raises Ticket.DoesNotExist."""
    for ticket in _to_lock(ticket_id):
        ticket.status = remembered(("status", ticket.status_id), partial(Status.objects.get, pk=ticket.status_id))
        return ticket
    raise Ticket.DoesNotExist


@built_once
def _to_lock(ticket_id: int) -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update().filter(pk=ticket_id)


def next_position(ticket: Ticket) -> int:
    """Return the next entry's position and count it; the caller saves `entry_count` under the lock."""
    ticket.entry_count += 1
    return ticket.entry_count


def lock_submission(key: str | None) -> None:
    """Let the same form, sent twice at once, go one after the other; the second then finds what the first wrote."""
    if key:
        lock_name(f"submission:{key}")
