"""record(): one event row, then the reactions, in the caller's transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from deskhand.core.prepared import rows_of
from deskhand.events.facts import Act, Fact
from deskhand.events.live import CHANNEL, hint_of
from deskhand.events.models import Event

Reaction = Callable[[Any, Act], None]
_reactions: dict[type[Fact], Sequence[Reaction]] = {}
_gathering: ContextVar["_Gathering | None"] = ContextVar("gathering", default=None)

# Every change of the desk passes here, most of them several times: one statement writes the rows and tells open pages.
_WRITE = """
WITH written AS (
    INSERT INTO events_event
        (kind, subject_kind, subject_id, actor_id, via, occurred_at, data, is_client_visible)
    SELECT kind, subject_kind, subject_id, actor_id, via, occurred_at, data, is_client_visible
    FROM unnest(
        %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::text[], %b::timestamptz[], %b::jsonb[], %b::boolean[]
    ) WITH ORDINALITY
        AS its (kind, subject_kind, subject_id, actor_id, via, occurred_at, data, is_client_visible, place)
    ORDER BY place RETURNING id
), told AS MATERIALIZED (
    SELECT pg_notify(%s, hint) FROM unnest(%b::text[]) AS hint
)
SELECT array_agg(id ORDER BY id), (SELECT count(*) FROM told) FROM written
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
    gathering = _gathering.get()
    if gathering is None:
        _write([event])
    else:
        gathering.add(event)
    for reaction in _reactions.get(type(fact), ()):
        reaction(fact, act)
    return event


@contextmanager
def writing_together() -> Iterator[None]:
    """Write what the block records in one statement, at its end. Until then it is not in the table.

    The block is a transaction, or part of one, that fails as a whole. What was recorded within a savepoint that is
    rolled back alone is not written.
    """
    if _gathering.get() is not None:
        yield
        return
    gathering = _Gathering([], len(transaction.get_connection().savepoint_ids))
    token = _gathering.set(gathering)
    try:
        yield
    finally:
        _gathering.reset(token)
    gathering.write()


@dataclass(frozen=True)
class _Gathering:
    """Events that wait to be written together, and how many blocks the transaction had when that began."""

    events: list[tuple[Event, Callable[[], None] | None]]
    depth: int

    def add(self, event: Event) -> None:
        witness = None
        if any(transaction.get_connection().savepoint_ids[self.depth :]):
            witness = partial(_stand_for, event)  # Django forgets it if the savepoint is rolled back
            transaction.on_commit(witness)
        self.events.append((event, witness))

    def write(self) -> None:
        standing = {id(function) for _, function, _ in transaction.get_connection().run_on_commit}
        kept = [event for event, witness in self.events if witness is None or id(witness) in standing]
        if kept:
            _write(kept)


def _stand_for(event: Event) -> None:
    """Do nothing: that it is still to be called says that the event is still to be written."""


def _write(events: Sequence[Event]) -> None:
    columns = map(list, zip(*map(_values, events), strict=True))
    written = rows_of(_WRITE, [*columns, CHANNEL, [_hint(event) for event in events]])
    ids = written[0][0]
    for event, pk in zip(events, ids, strict=True):
        event.pk = pk


def _values(event: Event) -> Sequence[Any]:
    return (
        event.kind,
        event.subject_kind,
        event.subject_id,
        event.actor_id,
        event.via,
        event.occurred_at,
        Jsonb(event.data),
        event.is_client_visible,
    )


def _hint(event: Event) -> str:
    return hint_of(
        kind=event.kind,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        client_visible=event.is_client_visible,
    )
