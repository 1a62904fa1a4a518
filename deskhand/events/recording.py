"""record(): one event row, then the reactions, in the caller's transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from deskhand.events.facts import Act, Fact
from deskhand.events.live import CHANNEL, hint_of
from deskhand.events.models import Event

Reaction = Callable[[Any, Act], None]
_reactions: dict[type[Fact], Sequence[Reaction]] = {}

# Every change of the desk passes here, most of them several times: one statement writes the row and tells open pages.
_WRITE = """
WITH written AS (
    INSERT INTO events_event
        (kind, subject_kind, subject_id, actor_id, via, occurred_at, data, is_client_visible)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
)
SELECT id, pg_notify(%s, %s) FROM written
"""


def install(reactions: Mapping[type[Fact], Sequence[Reaction]]) -> None:
    """Take over the map of reactions (project/reactions.py) at start."""
    _reactions.clear()
    _reactions.update(reactions)


def record(fact: Fact, *, act: Act) -> Event:
    """Write the event of `fact`, tell open pages, and run its reactions. Call it inside the action's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.kind} was recorded outside a transaction")
    event = Event(
        kind=fact.kind,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        actor_id=act.actor_id,
        via=act.via,
        occurred_at=act.at,
        data=fact.data(),
        is_client_visible=fact.shows_to_clients,
    )
    _write(event)
    for reaction in _reactions.get(type(fact), ()):
        reaction(fact, act)
    return event


def _write(event: Event) -> None:
    hint = hint_of(
        kind=event.kind,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        client_visible=event.is_client_visible,
    )
    row = [
        event.kind,
        event.subject_kind,
        event.subject_id,
        event.actor_id,
        event.via,
        event.occurred_at,
        Jsonb(event.data),
        event.is_client_visible,
    ]
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_WRITE, [*row, CHANNEL, hint])
        event.pk = cursor.fetchone()[0]
