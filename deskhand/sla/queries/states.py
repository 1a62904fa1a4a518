"""A ticket's clocks as clockwork takes them: loaded from their rows, or played again from the ticket's events."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.sla.clockwork import (
    OPEN,
    ClientWrote,
    ClockState,
    Ending,
    Happening,
    KindChanged,
    Opened,
    StaffWrote,
    Terms,
    TermsApplied,
    TicketClocks,
    TimePassed,
    replayed,
)
from deskhand.sla.events import PolicyApplied
from deskhand.sla.models import Clock, TicketPolicy
from deskhand.sla.queries.versions import terms_of, versions
from deskhand.tickets.events import MessageAccepted, MessagePosted, StatusChanged, TicketOpened

NOT_HUMAN = frozenset({Via.AUTOMATION, Via.SYSTEM})
"""Doors through which no person answers: what comes by them stops no clock."""
_KINDS = [fact.kind for fact in (TicketOpened, MessagePosted, MessageAccepted, StatusChanged, PolicyApplied)]


def state_of(row: TicketPolicy) -> TicketClocks:
    """Return what is kept of a ticket, with its unstopped clocks; `row` comes with both versions loaded."""
    terms = terms_of(row.policy_version, row.hours_version)
    return TicketClocks(
        kind=row.kind,
        opened_at=row.opened_at,
        opening_message_id=row.opening_message_id,
        waits_since=row.waits_since,
        is_answered=row.is_answered,
        updated_at=row.updated_at,
        terms=terms,
        clock_count=row.clock_count,
        clocks=tuple(clock_state(clock, terms) for clock in _unstopped(row.ticket_id)),
    )


@built_once
def _unstopped(ticket_id: int) -> QuerySet[Clock]:
    return Clock.objects.filter(ticket=ticket_id).unstopped().order_by("position")


def clock_state(clock: Clock, terms: Terms) -> ClockState:
    """Return one clock. An unstopped one always counts by its ticket's terms."""
    return ClockState(
        position=clock.position,
        terms=terms,
        target=clock.target,
        started_at=clock.started_at,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        pauses=clock.ended_pauses,
        paused_at=clock.paused_at,
        stopped_at=clock.stopped_at,
        ending=Ending(clock.ending) if clock.ending else None,
        warned_at=clock.warned_at,
        breached_at=clock.breached_at,
    )


def replayed_clocks(ticket_id: int, *, now: datetime) -> TicketClocks:
    """Return a ticket's clocks, stopped ones included, from nothing but its events."""
    return replayed([*happenings_of(ticket_id), TimePassed(now)])


def happenings_of(ticket_id: int) -> Iterator[Happening]:
    """Yield what happened to a ticket, as far as its clocks care, oldest first."""
    events = Event.objects.about("ticket", ticket_id).filter(kind__in=_KINDS)
    terms_of_ids = cache(_terms_of_ids)
    is_opened, its_kind = False, OPEN
    for event in events:
        happening = _happening_of(event, terms_of_ids)
        if happening is None:
            continue
        if not is_opened and isinstance(happening, KindChanged):
            its_kind = happening.kind  # as long as it is the team's alone, nobody waits for anything
            continue
        if not is_opened and isinstance(happening, ClientWrote | StaffWrote):
            yield from opened_late(happening.at, event.data["message_id"], its_kind)
        is_opened = True
        yield happening


def _happening_of(event: Event, terms_of_ids: Callable[[int, int], Terms]) -> Happening | None:
    at, data = event.occurred_at, event.data
    match event.kind:
        case TicketOpened.kind:
            return Opened(at, data["message_id"])
        case PolicyApplied.kind:
            return TermsApplied(at, terms_of_ids(data["policy_version_id"], data["hours_version_id"]))
        case StatusChanged.kind:
            return KindChanged(at, data["new_kind"])
        case MessageAccepted.kind:
            return ClientWrote(at)
        case _:
            return message_posted(at=at, via=Via(event.via), **data)


def opened_late(at: datetime, message_id: int, kind: str) -> Iterator[Happening]:
    """Yield how a ticket begins to count that was the team's alone until a person's first message, in any status."""
    yield Opened(at, message_id)
    if kind != OPEN:
        yield KindChanged(at, kind)


def message_posted(
    *, at: datetime, via: Via, message_id: int, is_from_client: bool, is_auto_reply: bool, **_: object
) -> ClientWrote | StaffWrote | None:
    """Return what a message does to clocks: nothing, unless a person wrote it."""
    if is_auto_reply or (not is_from_client and via in NOT_HUMAN):
        return None
    return ClientWrote(at) if is_from_client else StaffWrote(at, message_id)


def _terms_of_ids(policy_version_id: int, hours_version_id: int) -> Terms:
    return terms_of(*versions(policy_version_id, hours_version_id))
