"""Holidays from an iCalendar file (RFC 5545). Knows no Django.

The library is loaded by whoever reads a file: every process of the desk would carry it otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from deskhand.core.text import shorten
from deskhand.sla.wall_times import MINUTES_PER_DAY

if TYPE_CHECKING:
    from icalendar import Event

MOST_BYTES = 1024 * 1024
MOST_HOLIDAYS = 1000
MOST_DAYS = 366
NAME_LIMIT, KEY_LIMIT = 120, 250
_DAY = timedelta(days=1)
_MOST_YEARS_AGO = 100
_SELDOM = re.compile(r"FREQ=(MONTHLY|YEARLY)\b", re.IGNORECASE)


class CalendarFileNotValid(ValueError):
    """The file cannot be read as a calendar; the message says what to upload."""


@dataclass(frozen=True)
class FileHoliday:
    """Dates, both included, on which the desk is closed from one minute after midnight to another."""

    key: str
    name: str
    first_on: date
    last_on: date
    closed_from_minute: int = 0
    closed_until_minute: int = MINUTES_PER_DAY


def read_calendar_file(content: bytes, *, zone: str, first_year: int, last_year: int) -> list[FileHoliday]:
    """Return the events of a file that begin in these years: whole days as such, timed ones as hours in `zone`.

    Events that repeat monthly or yearly are spelled out, canceled ones left out. Raises CalendarFileNotValid.
    """
    if len(content) > MOST_BYTES:
        raise CalendarFileNotValid("The file is over 1 MB. Upload a calendar of holidays only.")
    try:
        found = list(islice(_found(content, ZoneInfo(zone), range(first_year, last_year + 1)), MOST_HOLIDAYS + 1))
    except CalendarFileNotValid:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise CalendarFileNotValid("This cannot be read as an iCalendar file (.ics). Export it anew.") from error
    if len(found) > MOST_HOLIDAYS:
        raise CalendarFileNotValid(f"There are over {MOST_HOLIDAYS} holidays in this file. Upload holidays only.")
    if not found:
        raise CalendarFileNotValid(f"No event of this file falls into {first_year} to {last_year}.")
    return found


def _found(content: bytes, zone: ZoneInfo, years: range) -> Iterator[FileHoliday]:
    for event in _events(content):
        length = event.end - event.start
        for start in _starts(event, years):
            if start.year in years:
                yield from _holidays(event, start, start + length, zone)


def _events(content: bytes) -> Iterator["Event"]:
    from icalendar import Calendar, Event

    for calendar in Calendar.from_ical(content, multiple=True):
        for event in islice(calendar.walk("VEVENT"), MOST_HOLIDAYS * 2):
            if isinstance(event, Event) and str(event.get("STATUS", "")).upper() != "CANCELLED":
                yield event


def _starts(event: "Event", years: range) -> Iterator[date]:
    """Yield when an event begins, once or again and again; datetimes for a timed event, dates for whole days."""
    start = event.start
    rules = event.rrules
    if not rules:
        yield start
    if start.year < years.start - _MOST_YEARS_AGO:
        return
    skipped = {_naive(moment) for moment in event.exdates}
    first, last = _midnight(date(years.start, 1, 1)) - _DAY, _midnight(date(years.stop, 1, 1)) + _DAY
    for rule in rules:
        text = rule.to_ical().decode()
        if not _SELDOM.search(text):
            raise CalendarFileNotValid("An event repeats weekly or more often. Set working hours for that instead.")
        # UNTIL may stand in UTC; without its mark it can be compared with wall time, at most a day off.
        for at in rrulestr(text.replace("Z", ""), dtstart=_naive(start)).between(first, last, inc=True):
            if at not in skipped:
                yield at.replace(tzinfo=start.tzinfo) if isinstance(start, datetime) else at.date()


def _naive(moment: date) -> datetime:
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else _midnight(moment)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _holidays(event: "Event", start: date, end: date, zone: ZoneInfo) -> Iterator[FileHoliday]:
    key, name = str(event.get("UID", ""))[:KEY_LIMIT], shorten(str(event.get("SUMMARY", "")), NAME_LIMIT) or "Closed"
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        last = max(start, end - _DAY)
        if (last - start).days >= MOST_DAYS:
            raise CalendarFileNotValid(f"“{name}” lasts over a year. A holiday lasts at most a year.")
        yield FileHoliday(key, name, start, last)
        return
    first, last_moment = _on_the_wall(start, zone), _on_the_wall(end, zone)
    if (last_moment - first).days >= MOST_DAYS:
        raise CalendarFileNotValid(f"“{name}” lasts over a year. A holiday lasts at most a year.")
    day = first.date()
    while _midnight(day) < last_moment:
        midnight = _midnight(day)
        since, until = max(first, midnight), min(last_moment, midnight + _DAY)
        yield FileHoliday(key, name, day, day, _minute(since, midnight), _minute(until, midnight))
        day += _DAY


def _on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive wall time in `zone`; a moment without a zone means that already (RFC 5545, 3.3.5)."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _minute(moment: datetime, midnight: datetime) -> int:
    return int((moment - midnight).total_seconds() // 60)
