"""What each thing that happens on a ticket does to its clocks. Pure: knows neither Django nor the time of day.

The same `after()` runs when something happens and when a ticket's events are played again, so both give the same
clocks. It keeps what the clocks follow from (whether the client waits, whether anyone answered, the status kind, the
terms) and brings the running clocks in line with that after every step.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from deskhand.sla.calendars import Span, WorkingCalendar
from deskhand.sla.targets import Metric, Target, due_at, warn_at

OPEN, CLOSED = "open", "closed"


class Ending(StrEnum):
    """How a clock stopped."""

    MET = "met"
    """What it counts to happened, in time or late."""
    CANCELED = "canceled"
    """The ticket closed, or the policy promises this no longer."""


@dataclass(frozen=True)
class Terms:
    """A policy's targets and the calendar they are counted in, each in one kept version that never changes."""

    policy_version_id: int
    hours_version_id: int
    targets: Mapping[Metric, Target] = field(compare=False)
    calendar: WorkingCalendar = field(compare=False)


@dataclass(frozen=True)
class ClockState:
    """One clock. It runs unless `paused_at` or `stopped_at` is set; `due_at` then leaves the present pause out."""

    position: int
    terms: Terms
    target: Target
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    pauses: tuple[Span, ...] = ()
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    ending: Ending | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def is_ticking(self) -> bool:
        """Whether time counts against it."""
        return self.stopped_at is None and self.paused_at is None


@dataclass(frozen=True)
class TicketClocks:
    """A ticket's clocks and what they follow from."""

    kind: str = OPEN
    opened_at: datetime | None = None
    """When it was opened, or opened again."""
    opening_message_id: int | None = None
    waits_since: datetime | None = None
    """The client's first message that nobody answered yet."""
    is_answered: bool = False
    """Whether a person ever answered; what the opening message of a ticket opened by staff says is no answer."""
    updated_at: datetime | None = None
    """The last message of staff since it was opened."""
    terms: Terms | None = None
    clock_count: int = 0
    clocks: tuple[ClockState, ...] = ()


@dataclass(frozen=True)
class Opened:
    """The ticket was opened with a message."""

    at: datetime
    message_id: int


@dataclass(frozen=True)
class TermsApplied:
    """These terms hold from now on, for clocks that run already too."""

    at: datetime
    terms: Terms


@dataclass(frozen=True)
class ClientWrote:
    """A person at the client wrote."""

    at: datetime


@dataclass(frozen=True)
class StaffWrote:
    """A person at the desk wrote to the client."""

    at: datetime
    message_id: int


@dataclass(frozen=True)
class KindChanged:
    """The status kind changed."""

    at: datetime
    kind: str


@dataclass(frozen=True)
class TimePassed:
    """Nothing happened but time."""

    at: datetime


Happening = Opened | TermsApplied | ClientWrote | StaffWrote | KindChanged | TimePassed


def after(state: TicketClocks, happening: Happening) -> TicketClocks:
    """Return the clocks after something happened. Raises NeverOpen when the terms' calendar has no opening."""
    state = _settled(state, happening.at)
    match happening:
        case Opened(at, message_id):
            state = replace(state, kind=OPEN, opened_at=at, opening_message_id=message_id)
        case TermsApplied(terms=terms):
            state = replace(state, terms=terms)
        case ClientWrote(at):
            state = replace(state, waits_since=state.waits_since or at)
        case StaffWrote(at, message_id):
            answered = state.is_answered or message_id != state.opening_message_id
            state = _stopped(state, (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE), at)
            state = replace(state, waits_since=None, is_answered=answered, updated_at=at)
        case KindChanged(at, kind):
            state = _in_kind(state, kind, at)
        case TimePassed():
            return state
    return _settled(_in_line(state, happening.at), happening.at)


def replayed(happenings: Iterable[Happening]) -> TicketClocks:
    """Return a ticket's clocks, those that stopped included, after all that happened to it."""
    state = TicketClocks()
    for happening in happenings:
        state = after(state, happening)
    return state


def _in_kind(state: TicketClocks, kind: str, at: datetime) -> TicketClocks:
    if kind == CLOSED and state.kind != CLOSED:
        state = _stopped(state, (Metric.RESOLUTION,), at)
        return replace(state, kind=kind, opened_at=None, waits_since=None, updated_at=None)
    if kind != CLOSED and state.kind == CLOSED:
        # Whoever never got an answer waits for one again, from now on.
        waits = state.waits_since or (None if state.is_answered else at)
        updated = at if state.updated_at == at else None
        return replace(state, kind=kind, opened_at=at, waits_since=waits, updated_at=updated)
    return replace(state, kind=kind)


def _settled(state: TicketClocks, now: datetime) -> TicketClocks:
    """Note the warnings and breaches that time has brought, at the moments they fell due."""
    return replace(state, clocks=tuple(_clock_settled(clock, now) for clock in state.clocks))


def _clock_settled(clock: ClockState, now: datetime) -> ClockState:
    if clock.stopped_at is not None:
        return clock
    # One that began late, or by other terms, may have been due before its pause began.
    until = clock.paused_at or now
    if clock.warned_at is None and clock.warn_at is not None and clock.warn_at <= until:
        clock = replace(clock, warned_at=clock.warn_at)
    if clock.breached_at is None and clock.due_at < until:
        clock = replace(clock, breached_at=clock.due_at)
    return clock


def _stopped(state: TicketClocks, metrics: Iterable[Metric], at: datetime) -> TicketClocks:
    met = frozenset(metrics)
    clocks = (_stop(clock, at, Ending.MET) if clock.target.metric in met else clock for clock in state.clocks)
    return replace(state, clocks=tuple(clocks))


def _stop(clock: ClockState, at: datetime, ending: Ending) -> ClockState:
    if clock.stopped_at is not None:
        return clock
    return replace(_resumed(clock, at), stopped_at=max(at, clock.started_at), ending=ending)


def _wanted(state: TicketClocks) -> Iterator[tuple[Target, datetime]]:
    """Yield the targets that should be counting now, with when their clock started."""
    starts: dict[Metric, datetime | None] = {
        Metric.NEXT_RESPONSE if state.is_answered else Metric.FIRST_RESPONSE: state.waits_since,
        Metric.UPDATE: state.updated_at,
        Metric.RESOLUTION: state.opened_at,
    }
    targets = state.terms.targets if state.terms and state.kind != CLOSED else {}
    for metric, started_at in starts.items():
        if metric in targets and started_at is not None:
            yield targets[metric], started_at


def _in_line(state: TicketClocks, at: datetime) -> TicketClocks:
    """Stop, keep, change and start clocks, so that exactly what is wanted runs."""
    if state.terms is None:
        return state
    wanted = {target.metric: (target, started_at) for target, started_at in _wanted(state)}
    running = {clock.target.metric for clock in state.clocks if clock.stopped_at is None}
    kept = [_kept(clock, wanted, state.terms, state.kind, at) for clock in state.clocks]
    missing = [start for metric, start in wanted.items() if metric not in running]
    started = [
        _in_pace(_started(position, state.terms, target, started_at), state.kind, at)
        for position, (target, started_at) in enumerate(missing, state.clock_count)
    ]
    return replace(state, clocks=(*kept, *started), clock_count=state.clock_count + len(started))


def _kept(
    clock: ClockState, wanted: Mapping[Metric, tuple[Target, datetime]], terms: Terms, kind: str, at: datetime
) -> ClockState:
    if clock.stopped_at is not None:
        return clock
    if clock.target.metric not in wanted:
        return _stop(clock, at, Ending.CANCELED)
    return _in_pace(_retermed(clock, wanted[clock.target.metric][0], terms), kind, at)


def _started(position: int, terms: Terms, target: Target, started_at: datetime) -> ClockState:
    due = due_at(target, terms.calendar, started_at)
    warn = warn_at(target, terms.calendar, started_at, due)
    return ClockState(position, terms, target, started_at, due, warn)


def _retermed(clock: ClockState, target: Target, terms: Terms) -> ClockState:
    """Count a running clock by other terms; a warning or breach is taken back, and noted anew if they bring it too."""
    if clock.terms == terms:
        return clock
    return _recounted(replace(clock, terms=terms, target=target, breached_at=None, warned_at=None))


def _in_pace(clock: ClockState, kind: str, at: datetime) -> ClockState:
    if kind in clock.target.kinds:
        return _resumed(clock, at)
    return clock if clock.paused_at else replace(clock, paused_at=max(at, clock.started_at))


def _resumed(clock: ClockState, at: datetime) -> ClockState:
    if clock.paused_at is None:
        return clock
    pauses = clock.pauses if at <= clock.paused_at else (*clock.pauses, (clock.paused_at, at))
    return _recounted(replace(clock, pauses=pauses, paused_at=None))


def _recounted(clock: ClockState) -> ClockState:
    due = due_at(clock.target, clock.terms.calendar, clock.started_at, clock.pauses)
    return replace(clock, due_at=due, warn_at=warn_at(clock.target, clock.terms.calendar, clock.started_at, due))
