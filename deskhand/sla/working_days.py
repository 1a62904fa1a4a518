"""Counting working days, and naming the days that were skipped. Knows no Django.

A working day is a date on which a shift begins; it ends with its last shift, which may be after midnight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from deskhand.sla.calendars import WorkingCalendar
from deskhand.sla.working_time import HORIZON_DAYS, NeverOpen, next_opening

_DAY = timedelta(days=1)
_SATURDAY = 5


def end_of_nth_working_day(calendar: WorkingCalendar, arrival: datetime, n: int) -> datetime:
    """Return the end (UTC) of the nth working day after the one in which something arrived.

    Arriving outside hours counts as the next opening: what comes on Friday evening arrives on Monday, and two working
    days end on Wednesday. `n` is 0 for the end of that very day. Raises NeverOpen, ValueError.
    """
    if n < 0:
        raise ValueError("Working days cannot be negative.")
    days = _working_days(calendar, working_day_of(calendar, arrival))
    for _ in range(n):
        next(days)
    return next(days)[1]


def working_day_of(calendar: WorkingCalendar, arrival: datetime) -> date:
    """Return the working day in which something arrives, the next one if it comes outside hours. Raises NeverOpen."""
    opening = next_opening(calendar, arrival)
    today = calendar.local_date(opening)
    begun = (day for day in (today, today - _DAY) if _is_within(calendar, day, opening))
    return next(begun, today)


class SkipReason(StrEnum):
    """Why a day does not count."""

    WEEKEND = "weekend"
    CLOSED = "closed"
    """A weekday without hours."""
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class SkippedDay:
    """A day that does not count; `name` is the holiday's, empty for the others."""

    on: date
    reason: SkipReason
    name: str = ""


def skipped_days(calendar: WorkingCalendar, arrival: datetime, until: datetime) -> tuple[SkippedDay, ...]:
    """Return, in order, the days from the arrival's to the day of `until` that are no working days."""
    day, last = calendar.local_date(arrival), calendar.local_date(until - timedelta.resolution)
    skipped = []
    while day <= last:
        if not calendar.shift_spans(day):
            skipped.append(why_skipped(calendar, day))
        day += _DAY
    return tuple(skipped)


def why_skipped(calendar: WorkingCalendar, day: date) -> SkippedDay:
    """Return why no shift begins on `day`: the weekend and a weekday without hours come before a holiday."""
    if calendar.week[day.weekday()]:
        names = dict.fromkeys(closure.name for closure in calendar.closures.get(day, ()))
        return SkippedDay(day, SkipReason.HOLIDAY, " / ".join(names))
    return SkippedDay(day, SkipReason.WEEKEND if day.weekday() >= _SATURDAY else SkipReason.CLOSED)


def _working_days(calendar: WorkingCalendar, first: date) -> Iterator[tuple[date, datetime]]:
    """Yield working days from `first` on with their ends. Raises NeverOpen."""
    day, idle_days = first, 0
    while idle_days <= HORIZON_DAYS:
        spans = calendar.shift_spans(day)
        if spans:
            yield day, spans[-1][1]
        idle_days = 0 if spans else idle_days + 1
        day += _DAY
    raise NeverOpen


def _is_within(calendar: WorkingCalendar, day: date, moment: datetime) -> bool:
    return any(first <= moment < last for first, last in calendar.shift_spans(day))
