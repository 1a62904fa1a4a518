"""Lengths of time as people read and write them. Work is kept in whole minutes."""

import re

MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)")
_UNITS = re.compile(
    r"(?:(?P<hours>\d{1,5}(?:[.,]\d{1,2})?)\s*h(?:(?:ou)?rs?)?\.?)?\s*(?:(?P<minutes>\d{1,6})\s*(?:m(?:in(?:utes?|s)?)?\.?)?)?",
    re.IGNORECASE,
)


class DurationNotValid(ValueError):
    """That is no length of time; the message says how to write one."""


def minutes_in(text: str) -> int:
    """Return the minutes of "20", "1:15", "1h 15m", "1h15" or "1.5h"; a sign in front is kept.

    A bare number is minutes. Raises DurationNotValid.
    """
    given = text.strip().replace("\u2212", "-")
    length = _unsigned(given.lstrip("+-").strip()) if given[:2] not in {"--", "++", "+-", "-+"} else None
    if length is None:
        raise DurationNotValid("Enter a time such as 20 (minutes), 1:15 or 1h 15m.")
    return -length if given.startswith("-") else length


def _unsigned(text: str) -> int | None:
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * MINUTES_PER_HOUR + int(clock[2])
    units = _UNITS.fullmatch(text)
    if units is None or not text:
        return None
    hours, minutes = units["hours"], units["minutes"]
    return round(float(hours.replace(",", ".")) * MINUTES_PER_HOUR if hours else 0) + int(minutes or 0)


def duration(minutes: int) -> str:
    """Return `minutes` as "1h 30m", "8h" or "45m"; negative ones with a minus sign in front."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    sign = "\u2212" if minutes < 0 else ""
    if hours and rest:
        return f"{sign}{hours}h {rest}m"
    return f"{sign}{hours}h" if hours else f"{sign}{rest}m"


def logged_time(minutes: int) -> str:
    """Return `minutes` with both units always, "0h 40m", so that figures in a column line up."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}h {rest:02d}m"


def time_left(minutes: int) -> str:
    """Return how much is left, coarser the more there is: "1d 4h", "1h 12m", "38m"; below zero "38m late".

    The browser keeps it current with the same rules (frontend/js/relative_time.js).
    """
    if minutes < 0:
        return f"{time_left(-minutes)} late"
    days, rest = divmod(minutes, _MINUTES_PER_DAY)
    if days:
        hours = rest // MINUTES_PER_HOUR
        return f"{days}d {hours}h" if hours else f"{days}d"
    return duration(minutes)
