from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, transaction

from deskhand.events import Act, Fact
from deskhand.events.models import Event
from deskhand.events.recording import record
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
