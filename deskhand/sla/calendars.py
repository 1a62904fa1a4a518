"""When a desk works: hours for each weekday, less holidays, in one time zone. Knows no Django."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from deskhand.sla.wall_times import MINUTES_PER_DAY, Interval

Span = tuple[datetime, datetime]
"""A stretch of real time in UTC, its end not included."""
Minutes = tuple[int, int]
"""A stretch of wall time, in minutes after a midnight, its end not included."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)
_NO_HOURS: tuple[tuple[Interval, ...], ...] = ((),) * 7


class HoursOverlap(ValueError):
    """Two stretches of working hours share a minute, perhaps across midnight."""


@dataclass(frozen=True, order=True)
class Closure:
    """The desk is closed on a date for `name`: all day, or from one minute after midnight up to another."""

    name: str
    starts_minute: int = 0
    ends_minute: int = MINUTES_PER_DAY

    def __post_init__(self) -> None:
        if not 0 <= self.starts_minute < self.ends_minute <= MINUTES_PER_DAY:
            raise ValueError("A closure must end after it begins, on the same day.")


@dataclass(frozen=True)
class WorkingCalendar:
    """Working hours by weekday (Monday first) and closures by date.

    A moment is worked when the clock on the wall then shows a minute inside a shift that no closure of that date
    covers. Minutes that a clock change skips are never worked; minutes that it repeats are worked twice.
    Raises HoursOverlap.
    """

    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...] = _NO_HOURS
    closures: Mapping[date, tuple[Closure, ...]] = field(default_factory=dict)
    _spans_by_day: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _refuse_overlaps(self.week)

    def shifts_on(self, day: date) -> list[Minutes]:
        """Return what is worked in the shifts that begin on `day`; minutes beyond 1440 are on the next day."""
        shifts = [(shift.starts_minute, shift.ends_minute) for shift in sorted(self.week[day.weekday()])]
        closed = self._closed_on(day) + [
            (a + MINUTES_PER_DAY, b + MINUTES_PER_DAY) for a, b in self._closed_on(day + _DAY)
        ]
        return list(_without(shifts, closed))

    def worked_minutes(self, day: date) -> list[Minutes]:
        """Return the worked minutes of the date `day`, from whichever shift, in order."""
        late = [(a - MINUTES_PER_DAY, b - MINUTES_PER_DAY) for a, b in self.shifts_on(day - _DAY)]
        both = late + self.shifts_on(day)
        return [(max(a, 0), min(b, MINUTES_PER_DAY)) for a, b in both if a < MINUTES_PER_DAY and b > 0]

    def spans_on(self, utc_day: date) -> tuple[Span, ...]:
        """Return the worked spans of one day in UTC, in order and apart from each other."""
        spans = self._spans_by_day.get(utc_day)
        if spans is None:
            spans = self._spans_by_day[utc_day] = tuple(joined(self._find_spans(utc_day)))
        return spans

    def shift_spans(self, day: date) -> list[Span]:
        """Return, in UTC, what is worked in the shifts that begin on the local date `day`; empty on a day off."""
        midnight = datetime.combine(day, datetime.min.time())
        spans = [
            span
            for first, last in self.shifts_on(day)
            for span in _shown_on_the_wall(self.zone, midnight + _minutes(first), midnight + _minutes(last))
        ]
        return list(joined(sorted(spans)))

    def local_date(self, moment: datetime) -> date:
        """Return the date in the calendar's zone."""
        return moment.astimezone(self.zone).date()

    def _closed_on(self, day: date) -> list[Minutes]:
        return sorted((closure.starts_minute, closure.ends_minute) for closure in self.closures.get(day, ()))

    def _find_spans(self, utc_day: date) -> Iterator[Span]:
        for start, end, offset in _steady_offsets(self.zone, utc_day):
            day = (start + offset).date()
            while datetime.combine(day, datetime.min.time(), UTC) - offset < end:
                midnight = datetime.combine(day, datetime.min.time(), UTC) - offset
                for first, last in self.worked_minutes(day):
                    span = (max(midnight + _minutes(first), start), min(midnight + _minutes(last), end))
                    if span[0] < span[1]:
                        yield span
                day += _DAY


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans, given in order, with those that touch made one."""
    held: Span | None = None
    for span in spans:
        if held is None:
            held = span
        elif span[0] <= held[1]:
            held = (held[0], max(held[1], span[1]))
        else:
            yield held
            held = span
    if held is not None:
        yield held


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _without(stretches: Sequence[Minutes], closed: Sequence[Minutes]) -> Iterator[Minutes]:
    for start, end in stretches:
        at = start
        for first, last in closed:
            if last <= at or first >= end:
                continue
            if first > at:
                yield (at, first)
            at = last
        if at < end:
            yield (at, end)


def _refuse_overlaps(week: Sequence[Sequence[Interval]]) -> None:
    length = len(WEEKDAYS) * MINUTES_PER_DAY
    shifts = sorted(
        (weekday * MINUTES_PER_DAY + shift.starts_minute, weekday * MINUTES_PER_DAY + shift.ends_minute)
        for weekday, shifts in enumerate(week)
        for shift in shifts
    )
    following = [*shifts[1:], (shifts[0][0] + length, 0)] if shifts else []
    for (_, end), (start, _) in zip(shifts, following, strict=True):
        if end > start:
            weekday = WEEKDAYS[start % length // MINUTES_PER_DAY]
            raise HoursOverlap(f"Working hours overlap on {weekday}. Let each stretch begin after the one before ends.")


@lru_cache(maxsize=8192)
def _steady_offsets(zone: ZoneInfo, utc_day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the parts of a day in UTC during which the zone's offset stays the same."""
    start = datetime.combine(utc_day, datetime.min.time(), UTC)
    end = start + _DAY
    parts = []
    while _offset(zone, start) != _offset(zone, end - timedelta.resolution):
        change = _next_change(zone, start, end)
        parts.append((start, change, _offset(zone, start)))
        start = change
    return (*parts, (start, end, _offset(zone, start)))


def _next_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """Return the second at which the offset changes, between two moments whose offsets differ."""
    before, after = 0, int((end - start).total_seconds())
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, start + timedelta(seconds=middle)) == _offset(zone, start):
            before = middle
        else:
            after = middle
    return start + timedelta(seconds=after)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _shown_on_the_wall(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the real time in which the wall shows `start` up to `end` (naive): nothing in a gap, twice in a fold."""
    utc_day = start.date() - _DAY
    while utc_day <= end.date() + _DAY:
        for first, last, offset in _steady_offsets(zone, utc_day):
            shown = start.replace(tzinfo=UTC) - offset, end.replace(tzinfo=UTC) - offset
            span = (max(shown[0], first), min(shown[1], last))
            if span[0] < span[1]:
                yield span
        utc_day += _DAY
