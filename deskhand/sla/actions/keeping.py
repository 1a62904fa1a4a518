"""Writing clockwork's states to their rows, and recording what became known on the way."""

from dataclasses import replace
from typing import Any

from deskhand.core.prepared import insert
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.sla.clockwork import ClockState, TicketClocks
from deskhand.sla.events import ClockBreached, ClockWarned
from deskhand.sla.models import Clock, RecalculatedClock, Recalculation, TicketPolicy


def keep(
    row: TicketPolicy,
    before: TicketClocks,
    state: TicketClocks,
    *,
    act: Act | None,
    recalculation: Recalculation | None = None,
    is_new: bool = False,
) -> None:
    """Write the state of a ticket whose row is locked, where it differs from `before`.

    With `act`, warnings and breaches that are new are recorded; with `recalculation`, due times that moved are logged.
    """
    if is_new or replace(state, clocks=()) != replace(before, clocks=()):
        _keep_row(row, state, is_new=is_new)
    earlier = {clock.position: clock for clock in before.clocks}
    for clock in state.clocks:
        old = earlier.get(clock.position)
        if old == clock:
            continue
        clock_row = _kept_clock(row, clock, is_new=old is None and act is not None)
        if recalculation is not None and old is not None and old.due_at != clock.due_at:
            RecalculatedClock.objects.create(
                recalculation=recalculation, clock=clock_row, old_due_at=old.due_at, new_due_at=clock.due_at
            )
        if act is not None:
            _record_news(clock_row, old, clock, act=act)


def _kept_clock(row: TicketPolicy, clock: ClockState, *, is_new: bool) -> Clock:
    """The written row of a clock; one just started needs no search for its row."""
    values = _values(clock)
    if is_new:
        return insert(Clock(ticket_id=row.ticket_id, position=clock.position, **values))
    return Clock.objects.update_or_create(ticket_id=row.ticket_id, position=clock.position, defaults=values)[0]


def _keep_row(row: TicketPolicy, state: TicketClocks, *, is_new: bool) -> None:
    row.kind = state.kind
    row.opened_at = state.opened_at
    row.opening_message_id = state.opening_message_id
    row.waits_since = state.waits_since
    row.is_answered = state.is_answered
    row.updated_at = state.updated_at
    row.clock_count = state.clock_count
    if is_new:
        insert(row)
    else:
        row.save()


def _values(clock: ClockState) -> dict[str, Any]:
    return {
        "policy_version_id": clock.terms.policy_version_id,
        "hours_version_id": clock.terms.hours_version_id,
        "metric": clock.target.metric.value,
        "amount": clock.target.amount,
        "unit": clock.target.unit.value,
        "kinds": sorted(clock.target.kinds),
        "warn_minutes": clock.target.warn_minutes,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "pauses": [[start.isoformat(), end.isoformat()] for start, end in clock.pauses],
        "paused_at": clock.paused_at,
        "stopped_at": clock.stopped_at,
        "ending": clock.ending.value if clock.ending else "",
        "warned_at": clock.warned_at,
        "breached_at": clock.breached_at,
    }


def _record_news(row: Clock, old: ClockState | None, clock: ClockState, *, act: Act) -> None:
    kind: type[ClockBreached | ClockWarned]
    if clock.breached_at and not (old and old.breached_at):
        kind = ClockBreached
    elif clock.warned_at and not (old and old.warned_at) and not clock.stopped_at:
        kind = ClockWarned
    else:
        return
    fact = kind(
        subject_id=row.ticket_id,
        clock_id=row.pk,
        metric=clock.target.metric.value,
        due_at=clock.due_at.isoformat(),
    )
    # Time did it, whoever's act brought it to light.
    record(fact, act=Act(actor=None, at=act.at, via=Via.SYSTEM))
