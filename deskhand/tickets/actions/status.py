"""Changing a ticket's status."""

from django.db import transaction
from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.core.remembering import remembered
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import StatusChanged
from deskhand.tickets.models import Kind, Status, Ticket


class StatusNeedsTime(ValueError):
    """Snoozed is set by snoozing until a time, not by naming the status."""


def put_status(ticket: Ticket, status: Status, *, act: Act) -> None:
    """Set the status of a locked ticket and record it; the caller saves nothing more for it."""
    if ticket.status_id == status.pk:
        return
    fact = StatusChanged(
        subject_id=ticket.pk,
        old_kind=ticket.kind,
        new_kind=status.kind,
        old_name=ticket.status.name,
        new_name=status.name,
    )
    was_closed = ticket.kind == Kind.CLOSED
    ticket.status, ticket.kind = status, status.kind
    if status.kind == Kind.CLOSED:
        ticket.closed_at = ticket.closed_at if was_closed else act.at
    else:
        ticket.closed_at = None
    if status.kind == Kind.OPEN:
        ticket.queue_at = act.at
    ticket.save(update_fields=["status", "kind", "closed_at", "queue_at"])
    record(fact, act=act)


def first_status_of(kind: Kind) -> Status:
    """Return the status that tickets get which become of this kind; there always is one."""
    return remembered(("first status", kind), lambda: _first_of(kind)[0])


@built_once
def _first_of(kind: Kind) -> "QuerySet[Status]":
    return Status.objects.filter(kind=kind).in_order()[:1]


def put_kind(ticket: Ticket, kind: Kind, *, act: Act) -> None:
    """Set the first status of a kind on a locked ticket, unless it already is of that kind."""
    if ticket.kind != kind:
        put_status(ticket, first_status_of(kind), act=act)


@transaction.atomic
def set_status(*, ticket_id: int, status: Status, act: Act) -> None:
    """Change the status by hand. Raises StatusNeedsTime for a status of kind snoozed."""
    if status.kind == Kind.SNOOZED:
        raise StatusNeedsTime("Choose until when to snooze the ticket.")
    put_status(locked(ticket_id), status, act=act)


@transaction.atomic
def close_ticket(*, ticket_id: int, act: Act) -> None:
    """Close the ticket; closing a closed one does nothing."""
    put_kind(locked(ticket_id), Kind.CLOSED, act=act)


@transaction.atomic
def reopen_ticket(*, ticket_id: int, act: Act) -> None:
    """Open a closed ticket again; one that is not closed stays as it is."""
    ticket = locked(ticket_id)
    if ticket.kind == Kind.CLOSED:
        put_kind(ticket, Kind.OPEN, act=act)
