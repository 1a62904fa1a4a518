"""The desk's own statuses: labels over the five fixed kinds."""

from django.db import transaction

from deskhand.core.ordering import Direction, move
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.events import StatusAdded, StatusEdited, StatusMoved, StatusRemoved
from deskhand.tickets.models import Kind, Status, Ticket
from deskhand.tickets.models.labels import Hue


class StatusNameTaken(ValueError):
    """Another status has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There already is a status called “{name}”.")


class LastOfItsKind(ValueError):
    """Behavior follows the kind, so that every kind needs a status."""

    def __init__(self, status: Status) -> None:
        kind = Kind(status.kind).label
        super().__init__(f"“{status.name}” is the only status of the kind {kind}. Add another one of it first.")


class NoPlaceForTickets(ValueError):
    """The tickets of a removed status need another one of the same kind."""

    def __init__(self) -> None:
        super().__init__("Choose another status of the same kind for the tickets of this one.")


@transaction.atomic
def add_status(*, name: str, kind: Kind, hue: Hue, act: Act) -> Status:
    """Add a status behind the others of its kind. Raises StatusNameTaken."""
    flat = one_line(name)
    last = Status.objects.in_order().last()
    with unless_taken("status_name_unique", StatusNameTaken(flat)):
        status = Status.objects.create(name=flat, kind=kind, hue=hue, position=last.position + 1 if last else 0)
    record(StatusAdded(subject_id=status.pk, name=flat), act=act)
    return status


@transaction.atomic
def change_status(*, status_id: int, name: str, hue: Hue, act: Act) -> None:
    """Rename or recolor a status; its kind is for good. Raises StatusNameTaken."""
    status = Status.objects.select_for_update().get(pk=status_id)
    flat = one_line(name)
    if (status.name, status.hue) == (flat, hue):
        return
    fact = StatusEdited(subject_id=status.pk, old=status.name, new=flat)
    status.name, status.hue = flat, hue
    with unless_taken("status_name_unique", StatusNameTaken(flat)):
        status.save(update_fields=["name", "hue"])
    record(fact, act=act)


@transaction.atomic
def move_status(*, status_id: int, direction: Direction, act: Act) -> None:
    """Move a status one place up or down among those of its kind. The first of a kind is what tickets get."""
    status = Status.objects.get(pk=status_id)
    if move(Status.objects.filter(kind=status.kind).in_order(), status.pk, direction):
        record(StatusMoved(subject_id=status.pk, name=status.name, direction=direction), act=act)


@transaction.atomic
def remove_status(*, status_id: int, move_to: Status | None, act: Act) -> int:
    """Remove a status and return how many tickets went to `move_to`, which is of the same kind.

    Their kind stays, so nothing else about them changes and no client notices. Raises LastOfItsKind, and
    NoPlaceForTickets when there are tickets but no such status.
    """
    kind = Status.objects.get(pk=status_id).kind
    rows = {row.pk: row for row in Status.objects.select_for_update().filter(kind=kind).order_by("pk")}
    status = rows[status_id]
    if len(rows) == 1:
        raise LastOfItsKind(status)
    tickets = Ticket.objects.filter(status=status)
    if move_to is None or move_to.pk == status.pk or move_to.pk not in rows:
        if tickets.exists():
            raise NoPlaceForTickets
        count, target = 0, ""
    else:
        count, target = tickets.update(status=move_to), move_to.name
    fact = StatusRemoved(subject_id=status.pk, name=status.name, moved_to=target, ticket_count=count)
    status.delete()
    record(fact, act=act)
    return count
