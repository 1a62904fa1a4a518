"""Times of day as the clock on the wall shows them, in whole minutes after midnight. Knows no Django."""

import re
from dataclasses import dataclass
from typing import Self

MINUTES_PER_DAY = 24 * 60
_WALL_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
_MINUTES_PER_HOUR = 60


class WallTimeNotValid(ValueError):
    """That is no time of day, or no interval; the message says what to write instead."""


def minute_of(text: str) -> int:
    """Return the minutes after midnight of "09:30" (570); "24:00" is 1440. Raises WallTimeNotValid."""
    match = _WALL_TIME.fullmatch(text.strip())
    hours, minutes = (int(match[1]), int(match[2])) if match else (99, 0)
    total = hours * _MINUTES_PER_HOUR + minutes
    if minutes >= _MINUTES_PER_HOUR or total > MINUTES_PER_DAY:
        raise WallTimeNotValid(f"“{text}” is no time of day. Write it as 09:30, up to 24:00.")
    return total


def wall_time(minute: int) -> str:
    """Return "09:30" for 570, "24:00" for 1440, and "06:00" for 1800, which is on the next day."""
    shown = minute if minute <= MINUTES_PER_DAY else minute - MINUTES_PER_DAY
    return f"{shown // _MINUTES_PER_HOUR:02d}:{shown % _MINUTES_PER_HOUR:02d}"


@dataclass(frozen=True, order=True)
class Interval:
    """Working hours within one shift: from its first minute up to, not including, `ends_minute`.

    Minutes count from the midnight before the day on which the shift begins; an end beyond 1440 is on the next day.
    """

    starts_minute: int
    ends_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.starts_minute < MINUTES_PER_DAY:
            raise WallTimeNotValid("Working hours begin between 00:00 and 23:59.")
        if not 0 < self.ends_minute - self.starts_minute <= MINUTES_PER_DAY:
            raise WallTimeNotValid("Working hours must end after they begin, at most 24 hours later.")

    @classmethod
    def between(cls, start: str, end: str) -> Self:
        """Return the hours from "09:00" to "17:30"; "22:00" to "06:00" runs overnight. Raises WallTimeNotValid."""
        first, last = minute_of(start), minute_of(end)
        if first == last:
            raise WallTimeNotValid(f"Hours from {start} to {end} are empty. For the whole day write 00:00 to 24:00.")
        return cls(first, last if last > first else last + MINUTES_PER_DAY)

    def __str__(self) -> str:
        return f"{wall_time(self.starts_minute)} to {wall_time(self.ends_minute)}"
