"""Locking a ticket, and taking the next position in its thread."""

from deskhand.tickets.models import Ticket


def locked(ticket_id: int) -> Ticket:
    """Return the ticket with its row locked until the transaction ends. Raises Ticket.DoesNotExist."""
    return Ticket.objects.select_for_update(of=("self",)).select_related("status").get(pk=ticket_id)


def next_position(ticket: Ticket) -> int:
    """Return the next entry's position and count it; the caller saves `entry_count` under the lock."""
    ticket.entry_count += 1
    return ticket.entry_count
