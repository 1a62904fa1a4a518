"""Moments and days as people read them.

Everything here takes moments that already stand in the reader's time zone, and takes `now`; nothing reads the clock.
The browser keeps relative times current with the same rules (frontend/js/relative_time.js).
"""

from datetime import date, datetime

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAYS_IN_WORDS = 7


def relative_time(moment: datetime, now: datetime) -> str:
    """Return how long ago `moment` was: "just now", "4 minutes ago", "Yesterday", "3 days ago", "20 Nov"."""
    seconds = (now - moment).total_seconds()
    days = (now.date() - moment.date()).days
    if seconds < _MINUTE:
        return "just now" if seconds > -_MINUTE else exact_time(moment)
    if seconds < _HOUR:
        return _ago(int(seconds // _MINUTE), "minute")
    if days == 0 or seconds < 6 * _HOUR:
        return _ago(int(seconds // _HOUR), "hour")
    if days == 1:
        return "Yesterday"
    return f"{days} days ago" if days < _DAYS_IN_WORDS else _plain_day(moment, now)


def relative_time_short(moment: datetime, now: datetime) -> str:
    """Return `relative_time` for narrow places: "now", "4m", "2h", "Yesterday", "3d", "20 Nov"."""
    seconds = (now - moment).total_seconds()
    days = (now.date() - moment.date()).days
    if seconds < _MINUTE:
        return "now" if seconds > -_MINUTE else _plain_day(moment, now)
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)}m"
    if days == 0 or seconds < 6 * _HOUR:
        return f"{int(seconds // _HOUR)}h"
    if days == 1:
        return "Yesterday"
    return f"{days}d" if days < _DAYS_IN_WORDS else _plain_day(moment, now)


def exact_time(moment: datetime) -> str:
    """Return "21 Nov 2026, 10:54"."""
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def clock_time(moment: datetime) -> str:
    """Return "10:54"."""
    return f"{moment:%H:%M}"


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return "today, 08:31", "yesterday, 16:40", or the day: "20 Nov, 16:40", with the year when it is not this one."""
    days = (now.date() - moment.date()).days
    if days in {0, 1}:
        return f"{('today', 'yesterday')[days]}, {moment:%H:%M}"
    return f"{_plain_day(moment, now)}, {moment:%H:%M}"


def due_time(moment: datetime, now: datetime) -> str:
    """Return when something is due: "12:10" today, else "Thu 26 Nov, 12:10"."""
    clock = clock_time(moment)
    return clock if moment.date() == now.date() else f"{short_day(moment.date(), now.date())}, {clock}"


def short_day(day: date, today: date) -> str:
    """Return "Thu 26 Nov", with the year when it is not this year's."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def day_heading(day: date, today: date) -> str:
    """Return "Today", "Yesterday", or "Thursday 26 November", with the year when it is not this year's."""
    days = (today - day).days
    if days in {0, 1}:
        return ("Today", "Yesterday")[days]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def _plain_day(moment: datetime, now: datetime) -> str:
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year}"


def _ago(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"
