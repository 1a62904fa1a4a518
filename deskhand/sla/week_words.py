"""A week of working hours in words. Knows no Django."""

from collections.abc import Iterator, Sequence

from deskhand.sla.calendars import WEEKDAYS
from deskhand.sla.wall_times import Interval


def week_words(week: Sequence[Sequence[Interval]]) -> list[tuple[str, str]]:
    """Return the week, Monday first, days with the same hours together: ("Monday to Friday", "09:00 to 17:30")."""
    return list(_grouped([", ".join(str(stretch) for stretch in sorted(day)) or "closed" for day in week]))


def _grouped(days: list[str]) -> Iterator[tuple[str, str]]:
    first = 0
    for index, words in enumerate(days):
        if index + 1 == len(days) or days[index + 1] != words:
            names = WEEKDAYS[first] if first == index else f"{WEEKDAYS[first]} to {WEEKDAYS[index]}"
            yield names, words
            first = index + 1
