"""Counting the time a desk works: real elapsed time, exact across clock changes. Knows no Django.

Moments come aware in any zone and go back in UTC.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from deskhand.sla.calendars import Span, WorkingCalendar

HORIZON_DAYS = 1100
"""How far a search goes on without meeting an opening: three years, the longest anyone plans holidays ahead."""
_DAY = timedelta(days=1)
_NONE = timedelta()
_FIRST_DAY, _LAST_DAY = date(1, 1, 8), date(9999, 12, 24)


class NeverOpen(ValueError):
    """No opening was found within three years: the hours are empty, or holidays cover all of them."""

    def __init__(self) -> None:
        super().__init__(
            "These business hours have no opening within three years. Add working hours or remove holidays."
        )


def working_time_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> timedelta:
    """Return the time worked from `a` to `b`, negative when `b` comes first."""
    start, end = _in_utc(a), _in_utc(b)
    if end < start:
        return -working_time_between(calendar, end, start)
    total, day = _NONE, start.date()
    while day <= end.date():
        for first, last in calendar.spans_on(day):
            total += max(min(last, end) - max(first, start), _NONE)
        day += _DAY
    return total


def add_working_time(calendar: WorkingCalendar, start: datetime, length: timedelta) -> datetime:
    """Return the earliest moment by which `length` has been worked since `start`. Raises NeverOpen, ValueError."""
    _refuse_negative(length)
    left, at = length, _in_utc(start)
    spans = worked_spans(calendar, at)
    while left > _NONE:
        first, last = next(spans)
        if left <= last - first:
            return first + left
        left -= last - first
    return at


def subtract_working_time(calendar: WorkingCalendar, end: datetime, length: timedelta) -> datetime:
    """Return the latest moment from which `length` is worked until `end`. Raises NeverOpen, ValueError."""
    _refuse_negative(length)
    left, at = length, _in_utc(end)
    spans = _worked_spans_back(calendar, at)
    while left > _NONE:
        first, last = next(spans)
        if left <= last - first:
            return last - left
        left -= last - first
    return at


def is_open(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Return whether the desk works at `moment`."""
    at = _in_utc(moment)
    return any(first <= at < last for first, last in calendar.spans_on(at.date()))


def next_opening(calendar: WorkingCalendar, moment: datetime) -> datetime:
    """Return `moment` while the desk works, otherwise when it next does. Raises NeverOpen."""
    return next(worked_spans(calendar, _in_utc(moment)))[0]


def next_closing(calendar: WorkingCalendar, moment: datetime) -> datetime | None:
    """Return when the desk next stops working, having begun by then; None if it never does. Raises NeverOpen."""
    at = _in_utc(moment)
    spans = worked_spans(calendar, at)
    end = next(spans)[1]
    with suppress(NeverOpen):
        for first, last in spans:
            if first > end:
                break
            if last - at > HORIZON_DAYS * _DAY:
                return None
            end = last
    return end


def worked_spans(calendar: WorkingCalendar, start: datetime) -> Iterator[Span]:
    """Yield what is worked from `start` (UTC) on; spans that meet at midnight come apart. Raises NeverOpen."""
    day, idle_days = start.date(), 0
    while idle_days <= HORIZON_DAYS and day <= _LAST_DAY:
        spans = [(max(first, start), last) for first, last in calendar.spans_on(day) if last > start]
        yield from spans
        idle_days = 0 if spans else idle_days + 1
        day += _DAY
    raise NeverOpen


def _worked_spans_back(calendar: WorkingCalendar, end: datetime) -> Iterator[Span]:
    day, idle_days = end.date(), 0
    while idle_days <= HORIZON_DAYS and day >= _FIRST_DAY:
        spans = [(first, min(last, end)) for first, last in calendar.spans_on(day) if first < end]
        yield from reversed(spans)
        idle_days = 0 if spans else idle_days + 1
        day -= _DAY
    raise NeverOpen


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("Working time is counted between aware moments.")
    return moment.astimezone(UTC)


def _refuse_negative(length: timedelta) -> None:
    if length < _NONE:
        raise ValueError("Working time to add or take off cannot be negative.")
