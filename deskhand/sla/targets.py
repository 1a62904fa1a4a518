"""What is promised, and by when that is: from a start, the pauses since, and the working calendar. Knows no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from deskhand.sla.calendars import Span, WorkingCalendar
from deskhand.sla.working_days import end_of_nth_working_day
from deskhand.sla.working_time import add_working_time, subtract_working_time, working_time_between

MOST_DAYS = 365
MOST_MINUTES = MOST_DAYS * 24 * 60


class Metric(StrEnum):
    """What a clock counts to."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"


class Unit(StrEnum):
    """What a promised time is counted in."""

    WORKING_DAYS = "working_days"
    """Until the end of the nth working day after the one of the start."""
    WORKING_MINUTES = "working_minutes"
    """Minutes within working hours; screens show hours."""
    CALENDAR_MINUTES = "calendar_minutes"
    """Minutes by day and night; screens show hours."""


class TargetNotValid(ValueError):
    """The promised time cannot be used; the message says what would."""


@dataclass(frozen=True)
class Target:
    """A promised time. `kinds` are the status kinds in which its clock runs; in others it pauses.

    `warn_minutes` is how long before it is due a warning comes: calendar minutes for calendar minutes, otherwise
    working minutes; 0 warns of nothing.
    """

    metric: Metric
    amount: int
    unit: Unit
    kinds: frozenset[str]
    warn_minutes: int = 0

    def __post_init__(self) -> None:
        most = MOST_DAYS if self.unit is Unit.WORKING_DAYS else MOST_MINUTES
        if not 1 <= self.amount <= most:
            raise TargetNotValid("A promised time is longer than nothing and at most a year.")
        if not 0 <= self.warn_minutes <= MOST_MINUTES:
            raise TargetNotValid("A warning comes at most a year before.")
        if not self.kinds:
            raise TargetNotValid("Choose at least one status in which the clock runs.")


def due_at(target: Target, calendar: WorkingCalendar, started_at: datetime, pauses: Sequence[Span] = ()) -> datetime:
    """Return when the target is due (UTC). Each pause that began by then puts it off by as long as it lasted.

    Working time counts against working time: a night's pause moves no promise in working hours, unless the time was
    used up to the very moment at which it began: then it is due when it ends. Raises NeverOpen.
    """
    due = _unpaused(target, calendar, started_at)
    for paused_at, resumed_at in pauses:
        if paused_at <= due:
            due = max(_put_off(target, calendar, due, (paused_at, resumed_at)), resumed_at.astimezone(UTC))
    return due


def warn_at(target: Target, calendar: WorkingCalendar, started_at: datetime, due: datetime) -> datetime | None:
    """Return when to warn that `due` comes near, never before the start; None when no warning is wanted."""
    if not target.warn_minutes:
        return None
    early = timedelta(minutes=target.warn_minutes)
    is_by_the_calendar = target.unit is Unit.CALENDAR_MINUTES
    return max(due - early if is_by_the_calendar else subtract_working_time(calendar, due, early), started_at)


def used_time(
    target: Target, calendar: WorkingCalendar, started_at: datetime, until: datetime, pauses: Sequence[Span] = ()
) -> timedelta:
    """Return the time that has counted from the start until `until`, less pauses, in the target's kind of time."""
    paused = sum((_length(target, calendar, pause) for pause in pauses), timedelta())
    return _length(target, calendar, (started_at, until)) - paused


def _unpaused(target: Target, calendar: WorkingCalendar, started_at: datetime) -> datetime:
    match target.unit:
        case Unit.WORKING_DAYS:
            return end_of_nth_working_day(calendar, started_at, target.amount)
        case Unit.WORKING_MINUTES:
            return add_working_time(calendar, started_at, timedelta(minutes=target.amount))
        case Unit.CALENDAR_MINUTES:
            return started_at.astimezone(UTC) + timedelta(minutes=target.amount)


def _put_off(target: Target, calendar: WorkingCalendar, due: datetime, pause: Span) -> datetime:
    length = _length(target, calendar, pause)
    return due + length if target.unit is Unit.CALENDAR_MINUTES else add_working_time(calendar, due, length)


def _length(target: Target, calendar: WorkingCalendar, span: Span) -> timedelta:
    return span[1] - span[0] if target.unit is Unit.CALENDAR_MINUTES else working_time_between(calendar, *span)
