import json
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from deskhand.events import Act, Fact
from deskhand.events.live import CHANNEL
from deskhand.events.models import Event
from deskhand.events.recording import record, writing_together
from deskhand.project.reactions import REACTIONS
from tests.cast import NOON, Cast, act_by


@dataclass(frozen=True, kw_only=True)
class TeaMade(Fact):
    kind: ClassVar[str] = "tea.made"
    subject_kind: ClassVar[str] = "tea"
    sugar: int


@pytest.mark.django_db
def test_writes_who_when_and_through_which_door() -> None:
    event = record(TeaMade(subject_id=7, sugar=2), act=act_by(None))
    event.refresh_from_db()
    assert (event.kind, event.subject_kind, event.subject_id) == ("tea.made", "tea", 7)
    assert (event.actor_id, event.via, event.occurred_at) == (None, "system", NOON)
    assert event.data == {"sugar": 2}


@pytest.mark.django_db(transaction=True)
def test_refuses_to_record_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        record(TeaMade(subject_id=7, sugar=2), act=act_by(None))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "tea.spilled"}, {"occurred_at": NOON}])
def test_nobody_can_rewrite_an_event(change: dict[str, object]) -> None:
    record(TeaMade(subject_id=7, sugar=2), act=act_by(None))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(kind="tea.made").update(**change)


@pytest.mark.django_db
def test_nobody_can_delete_an_event() -> None:
    event = record(TeaMade(subject_id=7, sugar=2), act=act_by(None))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


def test_an_act_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Act(actor=None, at=NOON.replace(tzinfo=None), via=act_by(None).via)


def test_every_reaction_is_listed_under_a_fact() -> None:
    for fact, reactions in REACTIONS.items():
        assert issubclass(fact, Fact)
        assert all(callable(reaction) for reaction in reactions)


def test_facts_of_staff_only_things_are_not_client_visible(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket)
    hidden = Event.objects.filter(kind__startswith="ticket.team").values_list("is_client_visible", flat=True)
    assert list(hidden) == [False]


@transaction.atomic
def spill(*, sugar: int) -> None:
    record(TeaMade(subject_id=7, sugar=sugar), act=act_by(None))
    raise LookupError


def sugars() -> list[int]:
    return [event.data["sugar"] for event in Event.objects.filter(kind="tea.made").order_by("id")]


@pytest.mark.django_db
def test_writes_what_belongs_together_at_once_and_in_its_order(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1), writing_together():
        events = [record(TeaMade(subject_id=7, sugar=sugar), act=act_by(None)) for sugar in (3, 1, 2)]
    assert sugars() == [3, 1, 2]
    assert [event.pk for event in events] == sorted(event.pk for event in events)


@pytest.mark.django_db
def test_drops_what_a_savepoint_takes_back_and_keeps_the_rest() -> None:
    with transaction.atomic(), writing_together():
        record(TeaMade(subject_id=7, sugar=1), act=act_by(None))
        with pytest.raises(LookupError):
            spill(sugar=2)
        with transaction.atomic():
            record(TeaMade(subject_id=7, sugar=3), act=act_by(None))
        record(TeaMade(subject_id=7, sugar=4), act=act_by(None))
    assert sugars() == [1, 3, 4]


@pytest.mark.django_db
def test_writes_nothing_of_what_failed() -> None:
    with pytest.raises(LookupError), writing_together():
        spill(sugar=1)
    record(TeaMade(subject_id=7, sugar=2), act=act_by(None))
    assert sugars() == [2]


@pytest.mark.django_db(transaction=True)
def test_tells_open_pages_of_each_of_several() -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic(), writing_together():
            for subject in (7, 8):
                record(TeaMade(subject_id=subject, sugar=1), act=act_by(None))
        told = [json.loads(one.payload)["subject"] for one in listening.notifies(timeout=10, stop_after=2)]
    assert told == ["tea:7", "tea:8"]
