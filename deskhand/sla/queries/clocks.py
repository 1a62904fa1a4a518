"""Clocks as the workspace shows them: one chip for a row of a list, all of them beside a ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from deskhand.core.built import built_once
from deskhand.sla.clockwork import Ending
from deskhand.sla.models import Clock
from deskhand.sla.models.policies import METRICS
from deskhand.sla.targets import Metric, Unit, used_time

_LABELS = {Metric(value): label for value, label in METRICS}
_ORDER = {metric: place for place, metric in enumerate(_LABELS)}
_MINUTE = timedelta(minutes=1)
_SHOWN = ("metric", "due_at", "warn_at", "paused_at")


class Pace(StrEnum):
    """How a clock stands; the values name the colors of its chip."""

    OK = "ok"
    WARN = "warn"
    LATE = "late"
    PAUSED = "paused"
    MET = "met"
    """Stopped in time."""
    MISSED = "missed"
    """Stopped too late."""


@dataclass(frozen=True)
class ClockChip:
    """The most pressing clock of a ticket."""

    metric: Metric
    label: str
    """What it counts to: "First response"."""
    due_at: datetime
    pace: Pace
    paused_by: str
    """The status kind that pauses it, empty while it runs."""
    minutes_left: int | None
    """Real minutes until it is due, below zero when late; None while it is paused, when time does not count."""


@dataclass(frozen=True)
class TicketClock:
    """The newest clock of a metric on one ticket, running or stopped."""

    metric: Metric
    label: str
    pace: Pace
    paused_by: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    amount: int
    unit: Unit
    """What was promised: so many days or minutes of this kind."""
    used_minutes: int
    """What has counted so far, in the promise's kind of time: working minutes, also for working days."""
    total_minutes: int
    """What counts between the start and the due time, pauses left out: the length of the bar."""
    minutes_left: int | None
    policy_name: str

    @property
    def used_percent(self) -> int:
        """How full the bar is, from 0 to 100."""
        return min(100, 100 * self.used_minutes // self.total_minutes) if self.total_minutes else 100


def open_clocks() -> ArraySubquery:
    """Return the clocks of a row of tickets that did not stop, the first due in front, for `chip_of`."""
    clocks = Clock.objects.unstopped().filter(ticket=OuterRef("pk")).order_by("due_at")
    return ArraySubquery(clocks.values(fields=JSONObject(**{name: name for name in _SHOWN})))


def chip_of(kind: str, clocks: Iterable[Mapping[str, Any]], now: datetime) -> ClockChip | None:
    """Return the most pressing of a ticket's `open_clocks`, a running one before a paused one; None without any.

    `kind` is the kind of the ticket's status.
    """
    chips = [_chip(kind, clock, now) for clock in clocks]
    running = [chip for chip in chips if chip.pace is not Pace.PAUSED]
    return next(iter(running or chips), None)


def ticket_clocks(ticket_id: int, now: datetime) -> list[TicketClock]:
    """Return the newest clock of each metric, canceled ones left out, in the order of a conversation. One query."""
    newest = {clock.metric: clock for clock in _of_ticket(ticket_id)}
    found = [_ticket_clock(clock, now) for clock in newest.values()]
    return sorted(found, key=lambda clock: _ORDER[clock.metric])


@built_once
def _of_ticket(ticket_id: int) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(ticket=ticket_id).exclude(ending=Ending.CANCELED.value)
    loaded = clocks.select_related("ticket", "hours_version", "policy_version").defer("ticket__subject_words")
    return loaded.order_by("position")


def tickets_at_risk(now: datetime) -> QuerySet[Clock, int]:
    """Return the ids of tickets whose clock runs and is late or near, as a subquery: `filter(pk__in=…)`."""
    return Clock.objects.at_risk(now).values_list("ticket", flat=True)


def _pace(clock: Clock, now: datetime) -> Pace:
    if clock.stopped_at is not None:
        return Pace.MISSED if clock.stopped_at > clock.due_at else Pace.MET
    if clock.due_at < (clock.paused_at or now):
        return Pace.LATE
    if clock.paused_at is not None:
        return Pace.PAUSED
    return Pace.WARN if clock.warn_at is not None and clock.warn_at <= now else Pace.OK


def _minutes_left(clock: Clock, now: datetime) -> int | None:
    return None if clock.paused_at or clock.stopped_at else (clock.due_at - now) // _MINUTE


def _chip(kind: str, fields: Mapping[str, Any], now: datetime) -> ClockChip:
    warn, paused = _moment(fields["warn_at"]), _moment(fields["paused_at"])
    due = datetime.fromisoformat(fields["due_at"])
    clock = Clock(metric=fields["metric"], due_at=due, warn_at=warn, paused_at=paused)
    metric = Metric(clock.metric)
    return ClockChip(
        metric=metric,
        label=_LABELS[metric],
        due_at=clock.due_at,
        pace=_pace(clock, now),
        paused_by=kind if paused else "",
        minutes_left=_minutes_left(clock, now),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _ticket_clock(clock: Clock, now: datetime) -> TicketClock:
    metric, calendar = Metric(clock.metric), clock.hours_version.calendar
    until = clock.stopped_at or clock.paused_at or now
    used = used_time(clock.target, calendar, clock.started_at, until, clock.ended_pauses)
    before = [pause for pause in clock.ended_pauses if pause[0] < clock.due_at]
    total = used_time(clock.target, calendar, clock.started_at, clock.due_at, before)
    return TicketClock(
        metric=metric,
        label=_LABELS[metric],
        pace=_pace(clock, now),
        paused_by=clock.ticket.kind if clock.paused_at else "",
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        amount=clock.amount,
        unit=Unit(clock.unit),
        used_minutes=used // _MINUTE,
        total_minutes=total // _MINUTE,
        minutes_left=_minutes_left(clock, now),
        policy_name=clock.policy_version.name,
    )
