"""Laws of working time, for any calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.sla.calendars import Closure, HoursOverlap, WorkingCalendar
from deskhand.sla.wall_times import MINUTES_PER_DAY, Interval, WallTimeNotValid, minute_of, wall_time
from deskhand.sla.working_days import end_of_nth_working_day
from deskhand.sla.working_time import (
    NeverOpen,
    add_working_time,
    is_open,
    next_closing,
    next_opening,
    subtract_working_time,
    working_time_between,
)
from tests.sla.calendars import CALENDARS, LONDON, LORD_HOWE, NEW_YORK, WEEK, moment

MINUTE = timedelta(minutes=1)
# Each zone's clock changes of 2026, a leap day and a month's end, in UTC.
SPRING_AND_AUTUMN = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 12, 31, 23, tzinfo=UTC),
]


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Any calendar with an opening on weekdays at least: shifts, some overnight, with closures around the changes."""
    zone = draw(st.sampled_from([LONDON, NEW_YORK, LORD_HOWE]))
    week: list[tuple[Interval, ...]] = []
    free_from = 0
    for weekday in range(7):
        bounds = sorted(draw(st.sets(st.integers(free_from, MINUTES_PER_DAY - 1), min_size=0, max_size=4)))
        ends = [*bounds[1::2]]
        shifts = [Interval(start, end) for start, end in zip(bounds[::2], ends, strict=False)]
        free_from = 0
        if len(bounds) % 2 and weekday < 6:  # the last one runs over midnight
            free_from = draw(st.integers(0, min(bounds[-1], 600)))
            shifts.append(
                Interval(bounds[-1], MINUTES_PER_DAY + free_from) if free_from else Interval(bounds[-1], 1440)
            )
        week.append(tuple(shifts))
    if not week[1]:
        week[1] = (Interval(600, 1000),)
    closures: dict[date, tuple[Closure, ...]] = {}
    for change in draw(st.lists(st.sampled_from(SPRING_AND_AUTUMN), max_size=3)):
        start = draw(st.sampled_from([0, 0, 30, 720]))
        end = draw(st.sampled_from([MINUTES_PER_DAY, 721, 1000]))
        day = change.date() + timedelta(days=draw(st.integers(-2, 2)))
        closures[day] = (*closures.get(day, ()), Closure("Holiday", start, end))
    return WorkingCalendar(zone, tuple(week), closures)


moments = st.builds(
    lambda change, minutes: change + minutes * MINUTE,
    st.sampled_from(SPRING_AND_AUTUMN),
    st.integers(-3 * MINUTES_PER_DAY, 3 * MINUTES_PER_DAY),
)
exact_moments = st.builds(
    lambda moment, rest: moment + timedelta(microseconds=rest), moments, st.integers(0, 59_999_999)
)
few_minutes = st.integers(0, 6000)


def is_worked(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Say what the definition says, for one moment: look at the clock on the wall, then at the lists."""
    wall = moment.astimezone(calendar.zone)
    minute, today = wall.hour * 60 + wall.minute, wall.date()
    yesterday = today - timedelta(days=1)
    if any(closure.starts_minute <= minute < closure.ends_minute for closure in calendar.closures.get(today, ())):
        return False
    return any(
        shift.starts_minute <= minute + late < shift.ends_minute
        for day, late in ((today, 0), (yesterday, MINUTES_PER_DAY))
        for shift in calendar.week[day.weekday()]
    )


@settings(max_examples=60)
@given(calendars(), moments, st.integers(0, 3 * MINUTES_PER_DAY))
def test_equals_a_walk_minute_by_minute(calendar: WorkingCalendar, start: datetime, length: int) -> None:
    walked = sum(is_worked(calendar, start + step * MINUTE) for step in range(length))
    assert working_time_between(calendar, start, start + length * MINUTE) == walked * MINUTE


@given(calendars(), moments)
def test_is_open_when_the_wall_says_so(calendar: WorkingCalendar, at: datetime) -> None:
    assert is_open(calendar, at) == is_worked(calendar, at)
    opening = next_opening(calendar, at)
    assert opening >= at
    assert is_worked(calendar, opening)
    closing = next_closing(calendar, at)
    assert closing is None or not is_worked(calendar, closing)


@given(calendars(), exact_moments, exact_moments, exact_moments)
def test_adds_up(calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    parts = working_time_between(calendar, a, b) + working_time_between(calendar, b, c)
    assert parts == working_time_between(calendar, a, c)


@given(calendars(), exact_moments, exact_moments, st.timedeltas(timedelta(), timedelta(hours=90)))
def test_a_later_start_never_ends_earlier(
    calendar: WorkingCalendar, a: datetime, b: datetime, length: timedelta
) -> None:
    first, second = sorted([a, b])
    assert add_working_time(calendar, first, length) <= add_working_time(calendar, second, length)
    assert working_time_between(calendar, first, second) <= second - first


@given(calendars(), exact_moments, few_minutes, few_minutes)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, start: datetime, a: int, b: int) -> None:
    end = add_working_time(calendar, add_working_time(calendar, start, a * MINUTE), b * MINUTE)
    assert end == add_working_time(calendar, start, (a + b) * MINUTE)
    assert working_time_between(calendar, start, end) == (a + b) * MINUTE


@given(calendars(), exact_moments, few_minutes)
def test_taking_off_undoes_adding(calendar: WorkingCalendar, end: datetime, minutes: int) -> None:
    start = subtract_working_time(calendar, end, minutes * MINUTE)
    assert start <= end
    assert working_time_between(calendar, start, end) == minutes * MINUTE


@given(calendars(), exact_moments, exact_moments, st.integers(0, 5))
def test_working_days_never_end_earlier_for_a_later_arrival(
    calendar: WorkingCalendar, a: datetime, b: datetime, days: int
) -> None:
    first, second = sorted([a, b])
    end = end_of_nth_working_day(calendar, first, days)
    assert first < end <= end_of_nth_working_day(calendar, second, days)
    assert end < end_of_nth_working_day(calendar, first, days + 1)


@pytest.mark.parametrize(
    "calendar",
    [
        WorkingCalendar(LONDON),
        WorkingCalendar(
            LONDON, WEEK, {date(2026, 1, 1) + timedelta(days=day): (Closure("Away"),) for day in range(2000)}
        ),
    ],
    ids=["no hours", "holidays for years"],
)
def test_says_so_when_it_never_opens(calendar: WorkingCalendar) -> None:
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert working_time_between(calendar, at, at + timedelta(days=30)) == timedelta()
    asks: list[Callable[[], object]] = [
        lambda: next_opening(calendar, at),
        lambda: next_closing(calendar, at),
        lambda: add_working_time(calendar, at, MINUTE),
        lambda: subtract_working_time(WorkingCalendar(LONDON), at, MINUTE),
        lambda: end_of_nth_working_day(calendar, at, 2),
    ]
    for ask in asks:
        with pytest.raises(NeverOpen, match="no opening within three years"):
            ask()


def test_counts_backwards_below_zero() -> None:
    office = CALENDARS["office"]
    start, end = moment(office, "Wed 2026-11-18 10:00"), moment(office, "Wed 2026-11-18 11:00")
    assert working_time_between(office, end, start) == -60 * MINUTE


def test_refuses_moments_without_a_zone_and_negative_lengths() -> None:
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        is_open(CALENDARS["office"], at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="negative"):
        add_working_time(CALENDARS["office"], at, -MINUTE)


def test_refuses_hours_that_overlap_across_midnight() -> None:
    late, early = Interval.between("22:00", "06:00"), Interval.between("05:00", "09:00")
    with pytest.raises(HoursOverlap, match="overlap on Monday"):
        WorkingCalendar(LONDON, ((early,), (), (), (), (), (), (late,)))
    WorkingCalendar(LONDON, ((early,), (late,), (), (), (), (), ()))


@pytest.mark.parametrize("text", ["", "9", "24:01", "12:60", "25:00", "noon", "-1:00"])
def test_refuses_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(WallTimeNotValid, match="no time of day"):
        minute_of(text)


@pytest.mark.parametrize(("text", "minute"), [("00:00", 0), ("9:05", 545), ("17.30", 1050), ("24:00", 1440)])
def test_reads_times_of_day(text: str, minute: int) -> None:
    assert minute_of(text) == minute


def test_hours_run_overnight_and_to_midnight() -> None:
    assert Interval.between("22:00", "06:00") == Interval(1320, 1800)
    assert str(Interval.between("18:00", "24:00")) == "18:00 to 24:00"
    assert wall_time(1800) == "06:00"
    with pytest.raises(WallTimeNotValid, match="empty"):
        Interval.between("09:00", "09:00")
