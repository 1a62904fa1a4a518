import pytest
from django.db import IntegrityError, transaction

from deskhand.core.ordering import Direction
from deskhand.events.models import Event
from deskhand.tickets.actions.status import first_status_of, set_status
from deskhand.tickets.actions.statuses import (
    LastOfItsKind,
    NoPlaceForTickets,
    StatusNameTaken,
    add_status,
    change_status,
    move_status,
    remove_status,
)
from deskhand.tickets.models import Kind, Status, Ticket
from deskhand.tickets.models.labels import Hue
from tests.cast import Cast, act_by


def waiting_for_supplier(cast: Cast) -> Status:
    return add_status(name="Waiting for supplier", kind=Kind.OPEN, hue=Hue.BLUE, act=act_by(cast.ada.user))


def names(kind: Kind) -> list[str]:
    return [status.name for status in Status.objects.filter(kind=kind).in_order()]


def test_a_status_is_added_behind_its_kind_and_changed(cast: Cast) -> None:
    status = waiting_for_supplier(cast)
    for _ in range(2):
        change_status(status_id=status.pk, name="Supplier", hue=Hue.VIOLET, act=act_by(cast.ada.user))
    assert names(Kind.OPEN) == ["Open", "Supplier"]
    assert Event.objects.filter(kind="status.edited").count() == 1


def test_two_statuses_cannot_have_one_name(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(StatusNameTaken):
        add_status(name="OPEN", kind=Kind.OPEN, hue=Hue.BLUE, act=act)
    with pytest.raises(StatusNameTaken):
        change_status(status_id=waiting_for_supplier(cast).pk, name="closed", hue=Hue.BLUE, act=act)


def test_the_first_of_a_kind_is_what_tickets_get(cast: Cast) -> None:
    status = waiting_for_supplier(cast)
    for _ in range(2):
        move_status(status_id=status.pk, direction=Direction.UP, act=act_by(cast.ada.user))
    assert names(Kind.OPEN) == ["Waiting for supplier", "Open"]
    assert cast.ticket().status == status
    assert Event.objects.filter(kind="status.moved").count() == 1


def test_statuses_that_share_a_place_can_still_be_moved(cast: Cast) -> None:
    status = waiting_for_supplier(cast)
    Status.objects.filter(kind=Kind.OPEN).update(position=0)
    move_status(status_id=status.pk, direction=Direction.UP, act=act_by(cast.ada.user))
    assert names(Kind.OPEN) == ["Waiting for supplier", "Open"]


def test_the_last_of_a_kind_stays(cast: Cast) -> None:
    only = Status.objects.get(kind=Kind.SPAM)
    with pytest.raises(LastOfItsKind):
        remove_status(status_id=only.pk, move_to=None, act=act_by(cast.ada.user))


def test_the_database_keeps_the_last_of_a_kind(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Status.objects.filter(kind=Kind.SPAM).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Status.objects.filter(kind=Kind.SPAM).update(kind=Kind.OPEN)


def test_tickets_of_a_removed_status_go_where_the_admin_says(cast: Cast) -> None:
    status, act = waiting_for_supplier(cast), act_by(cast.ada.user)
    ticket = cast.ticket()
    set_status(ticket_id=ticket.pk, status=status, act=act)
    place = first_status_of(Kind.OPEN)
    assert remove_status(status_id=status.pk, move_to=place, act=act) == 1
    assert Ticket.objects.get(pk=ticket.pk).status == place
    event = Event.objects.get(kind="status.removed")
    assert event.data == {"name": "Waiting for supplier", "moved_to": "Open", "ticket_count": 1}
    assert not event.is_client_visible


def test_a_status_in_use_is_not_removed_without_a_place_of_its_kind(cast: Cast) -> None:
    status, act = waiting_for_supplier(cast), act_by(cast.ada.user)
    set_status(ticket_id=cast.ticket().pk, status=status, act=act)
    for place in (None, status, first_status_of(Kind.CLOSED)):
        with pytest.raises(NoPlaceForTickets):
            remove_status(status_id=status.pk, move_to=place, act=act)
    assert Status.objects.filter(pk=status.pk).exists()


def test_an_unused_status_needs_no_place(cast: Cast) -> None:
    assert remove_status(status_id=waiting_for_supplier(cast).pk, move_to=None, act=act_by(cast.ada.user)) == 0


def test_a_status_has_a_name(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Status.objects.create(name="", kind=Kind.OPEN)
