"""record(): one event row, then the reactions, in the caller's transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from deskhand.events.facts import Act, Fact
from deskhand.events.live import announce
from deskhand.events.models import Event

Reaction = Callable[[Any, Act], None]
_reactions: dict[type[Fact], Sequence[Reaction]] = {}


def install(reactions: Mapping[type[Fact], Sequence[Reaction]]) -> None:
    """Take over the map of reactions (project/reactions.py) at start."""
    _reactions.clear()
    _reactions.update(reactions)


def record(fact: Fact, *, act: Act) -> Event:
    """Write the event of `fact`, tell open pages, and run its reactions. Call it inside the action's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.kind} was recorded outside a transaction")
    event = Event.objects.create(
        kind=fact.kind,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        actor_id=act.actor_id,
        via=act.via,
        occurred_at=act.at,
        data=fact.data(),
        is_client_visible=fact.shows_to_clients,
    )
    announce(
        kind=fact.kind,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        client_visible=fact.shows_to_clients,
    )
    for reaction in _reactions.get(type(fact), ()):
        reaction(fact, act)
    return event
