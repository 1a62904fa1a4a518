"""Worked examples of working time and working days, to be read and argued with."""

from datetime import UTC, timedelta

import pytest

from deskhand.sla.working_days import end_of_nth_working_day, skipped_days
from deskhand.sla.working_time import (
    add_working_time,
    is_open,
    next_closing,
    next_opening,
    subtract_working_time,
    working_time_between,
)
from tests.sla.calendars import CALENDARS, moment

CHRISTMAS = ["Christmas Day", "weekend", "weekend", "Boxing Day (observed)"]

# Mon to Fri 09:00 to 17:30 unless the calendar's name says otherwise; "uk" knows six holidays.
WORKING_DAYS = [
    # calendar, arrives, days, promised by, skipped days
    ("office", "Mon 2026-11-16 10:00", 2, "Wed 2026-11-18 17:30", []),
    ("office", "Mon 2026-11-16 09:00", 2, "Wed 2026-11-18 17:30", []),
    ("office", "Mon 2026-11-16 08:59", 2, "Wed 2026-11-18 17:30", []),
    ("office", "Mon 2026-11-16 17:29", 2, "Wed 2026-11-18 17:30", []),
    ("office", "Mon 2026-11-16 17:30", 2, "Thu 2026-11-19 17:30", []),
    ("office", "Thu 2026-11-19 12:00", 2, "Mon 2026-11-23 17:30", ["weekend", "weekend"]),
    ("office", "Fri 2026-11-20 12:00", 2, "Tue 2026-11-24 17:30", ["weekend", "weekend"]),
    ("office", "Fri 2026-11-20 22:00", 2, "Wed 2026-11-25 17:30", ["weekend", "weekend"]),
    ("office", "Sat 2026-11-21 12:00", 2, "Wed 2026-11-25 17:30", ["weekend", "weekend"]),
    ("office", "Sun 2026-11-22 23:59", 2, "Wed 2026-11-25 17:30", ["weekend"]),
    ("office", "Mon 2026-11-16 10:00", 0, "Mon 2026-11-16 17:30", []),
    ("office", "Mon 2026-11-16 10:00", 1, "Tue 2026-11-17 17:30", []),
    ("office", "Mon 2026-11-16 10:00", 5, "Mon 2026-11-23 17:30", ["weekend", "weekend"]),
    ("office", "Fri 2026-10-30 16:00", 2, "Tue 2026-11-03 17:30", ["weekend", "weekend"]),
    ("office", "Mon 2028-02-28 10:00", 2, "Wed 2028-03-01 17:30", []),
    ("office", "Tue 2028-02-29 10:00", 1, "Wed 2028-03-01 17:30", []),
    ("office", "Fri 2027-02-26 10:00", 2, "Tue 2027-03-02 17:30", ["weekend", "weekend"]),
    ("office", "Thu 2026-12-31 10:00", 2, "Mon 2027-01-04 17:30", ["weekend", "weekend"]),
    ("uk", "Wed 2026-12-23 10:00", 2, "Tue 2026-12-29 17:30", CHRISTMAS),
    ("uk", "Tue 2026-12-22 10:00", 2, "Thu 2026-12-24 12:00", []),
    ("uk", "Thu 2026-12-24 11:59", 1, "Tue 2026-12-29 17:30", CHRISTMAS),
    ("uk", "Thu 2026-12-24 12:00", 1, "Wed 2026-12-30 17:30", CHRISTMAS),
    ("uk", "Thu 2026-12-31 10:00", 2, "Tue 2027-01-05 17:30", ["New Year's Day", "weekend", "weekend"]),
    ("uk", "Thu 2026-04-02 10:00", 1, "Tue 2026-04-07 17:30", ["Good Friday", "weekend", "weekend", "Easter Monday"]),
    ("uk", "Fri 2026-04-03 10:00", 2, "Thu 2026-04-09 17:30", ["Good Friday", "weekend", "weekend", "Easter Monday"]),
    ("part", "Tue 2026-11-17 10:00", 1, "Thu 2026-11-19 17:30", ["closed"]),
    ("part", "Wed 2026-11-18 10:00", 1, "Fri 2026-11-20 13:00", ["closed"]),
    ("lunch", "Mon 2026-11-16 12:45", 1, "Tue 2026-11-17 17:30", []),
    ("nights", "Mon 2026-11-16 23:00", 1, "Wed 2026-11-18 06:00", []),
    ("nights", "Tue 2026-11-17 03:00", 1, "Wed 2026-11-18 06:00", []),
    ("nights", "Fri 2026-11-20 23:00", 1, "Tue 2026-11-24 06:00", ["weekend", "weekend"]),
    ("always", "Mon 2026-11-16 03:00", 2, "Thu 2026-11-19 00:00", []),
    ("evening", "Mon 2026-11-16 03:00", 1, "Wed 2026-11-18 00:00", []),
    ("office", "Fri 2026-03-27 10:00", 2, "Tue 2026-03-31 17:30", ["weekend", "weekend"]),
    ("office", "Fri 2026-10-23 10:00", 2, "Tue 2026-10-27 17:30", ["weekend", "weekend"]),
    ("new york", "Fri 2026-03-06 18:00", 2, "Wed 2026-03-11 17:30", ["weekend", "weekend"]),
    ("new york", "Fri 2026-10-30 10:00", 2, "Tue 2026-11-03 17:30", ["weekend", "weekend"]),
    ("lord howe", "Fri 2026-04-03 10:00", 2, "Tue 2026-04-07 17:30", ["weekend", "weekend"]),
    ("lord howe", "Fri 2026-10-02 10:00", 2, "Tue 2026-10-06 17:30", ["weekend", "weekend"]),
    ("new york nights", "Sun 2026-11-01 01:30²", 1, "Mon 2026-11-02 06:00", []),
]  # fmt: skip

WORKING_MINUTES = [
    # calendar, start, minutes, end
    ("office", "Wed 2026-11-18 10:00", 15, "Wed 2026-11-18 10:15"),
    ("office", "Wed 2026-11-18 10:00", 450, "Wed 2026-11-18 17:30"),
    ("office", "Wed 2026-11-18 10:00", 451, "Thu 2026-11-19 09:01"),
    ("office", "Mon 2026-11-16 10:45", 480, "Tue 2026-11-17 10:15"),
    ("office", "Fri 2026-11-20 17:00", 60, "Mon 2026-11-23 09:30"),
    ("office", "Sat 2026-11-21 12:00", 30, "Mon 2026-11-23 09:30"),
    ("office", "Fri 2026-11-20 17:30", 510, "Mon 2026-11-23 17:30"),
    ("office", "Mon 2026-11-16 09:00", 2550, "Fri 2026-11-20 17:30"),
    ("lunch", "Wed 2026-11-18 12:00", 60, "Wed 2026-11-18 14:00"),
    ("lunch", "Wed 2026-11-18 13:00", 1, "Wed 2026-11-18 13:31"),
    ("nights", "Mon 2026-11-16 23:00", 420, "Tue 2026-11-17 06:00"),
    ("nights", "Tue 2026-11-17 05:30", 60, "Tue 2026-11-17 22:30"),
    ("nights", "Sat 2026-11-21 05:00", 120, "Mon 2026-11-23 23:00"),
    ("always", "Wed 2026-11-18 10:00", 1440, "Thu 2026-11-19 10:00"),
    ("evening", "Wed 2026-11-18 23:00", 90, "Thu 2026-11-19 18:30"),
    ("uk", "Thu 2026-12-24 11:00", 61, "Tue 2026-12-29 09:01"),
    ("uk", "Thu 2026-12-31 17:00", 60, "Mon 2027-01-04 09:30"),
    ("office", "Mon 2028-02-28 17:00", 570, "Wed 2028-03-01 09:30"),
    # Clocks go forward in London: the hour from 01:00 is missing, 24 hours later the wall shows an hour more.
    ("always", "Sat 2026-03-28 12:00", 1440, "Sun 2026-03-29 13:00"),
    ("sunday nights", "Sat 2026-03-28 22:00", 240, "Sun 2026-03-29 03:00"),
    ("sunday nights", "Sat 2026-03-28 22:00", 420, "Sun 2026-03-29 06:00"),
    # They go back: 01:00 to 02:00 is there twice, and worked twice.
    ("always", "Sat 2026-10-24 12:00", 1440, "Sun 2026-10-25 11:00"),
    ("sunday nights", "Sat 2026-10-24 22:00", 210, "Sun 2026-10-25 01:30"),
    ("sunday nights", "Sat 2026-10-24 22:00", 270, "Sun 2026-10-25 01:30²"),
    ("sunday nights", "Sat 2026-10-24 22:00", 540, "Sun 2026-10-25 06:00"),
    ("new york nights", "Sat 2026-03-07 22:00", 420, "Sun 2026-03-08 06:00"),
    ("new york nights", "Sat 2026-10-31 22:00", 540, "Sun 2026-11-01 06:00"),
    ("new york nights", "Sun 2026-11-01 01:30", 60, "Sun 2026-11-01 01:30²"),
    # Lord Howe moves by half an hour.
    ("lord howe nights", "Sun 2026-04-05 00:00", 270, "Sun 2026-04-05 04:00"),
    ("lord howe nights", "Sun 2026-04-05 01:45", 30, "Sun 2026-04-05 01:45²"),
    ("lord howe nights", "Sun 2026-10-04 00:00", 210, "Sun 2026-10-04 04:00"),
    ("lord howe nights", "Sun 2026-10-04 01:59", 2, "Sun 2026-10-04 02:31"),
]

OPENINGS = [
    # calendar, at, opens, closes
    ("office", "Wed 2026-11-18 10:00", "Wed 2026-11-18 10:00", "Wed 2026-11-18 17:30"),
    ("office", "Wed 2026-11-18 17:30", "Thu 2026-11-19 09:00", "Thu 2026-11-19 17:30"),
    ("office", "Fri 2026-11-20 18:00", "Mon 2026-11-23 09:00", "Mon 2026-11-23 17:30"),
    ("uk", "Thu 2026-12-24 12:00", "Tue 2026-12-29 09:00", "Tue 2026-12-29 17:30"),
    ("nights", "Tue 2026-11-17 03:00", "Tue 2026-11-17 03:00", "Tue 2026-11-17 06:00"),
    ("evening", "Tue 2026-11-17 20:00", "Tue 2026-11-17 20:00", "Wed 2026-11-18 00:00"),
    ("sunday nights", "Sun 2026-03-29 00:30", "Sun 2026-03-29 00:30", "Sun 2026-03-29 06:00"),
]


@pytest.mark.parametrize(("name", "arrives", "days", "ends", "skipped"), WORKING_DAYS)
def test_working_days_end_when_promised(name: str, arrives: str, days: int, ends: str, skipped: list[str]) -> None:
    calendar = CALENDARS[name]
    arrival = moment(calendar, arrives)
    end = end_of_nth_working_day(calendar, arrival, days)
    assert end == moment(calendar, ends).astimezone(UTC)
    assert [day.name or day.reason.value for day in skipped_days(calendar, arrival, end)] == skipped


@pytest.mark.parametrize(("name", "start", "minutes", "end"), WORKING_MINUTES)
def test_working_minutes_end_when_worked(name: str, start: str, minutes: int, end: str) -> None:
    calendar = CALENDARS[name]
    first, last = moment(calendar, start).astimezone(UTC), moment(calendar, end).astimezone(UTC)
    length = timedelta(minutes=minutes)
    assert add_working_time(calendar, first, length) == last
    assert working_time_between(calendar, first, last) == length
    assert working_time_between(calendar, subtract_working_time(calendar, last, length), last) == length


@pytest.mark.parametrize(("name", "at", "opens", "closes"), OPENINGS)
def test_opens_and_closes(name: str, at: str, opens: str, closes: str) -> None:
    calendar = CALENDARS[name]
    now = moment(calendar, at).astimezone(UTC)
    assert next_opening(calendar, now) == moment(calendar, opens).astimezone(UTC)
    assert next_closing(calendar, now) == moment(calendar, closes).astimezone(UTC)
    assert is_open(calendar, now) == (at == opens)


def test_a_desk_that_never_closes_has_no_closing() -> None:
    calendar = CALENDARS["always"]
    assert next_closing(calendar, moment(calendar, "Wed 2026-11-18 10:00")) is None
