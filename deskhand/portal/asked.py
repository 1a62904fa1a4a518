"""What the address of a list asks for. A word that no list of ours offers is refused."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils import timezone

from deskhand.core.numbers import whole_number

_LONGEST_PAGE = 5
_LONGEST_DAY = 20
_OLDEST, _NEVER = 1970, 9000
_Choice = TypeVar("_Choice", bound=StrEnum)


def choice_asked(given: QueryDict, name: str, choices: type[_Choice]) -> _Choice | None:
    """Return which of the choices is asked for, None where none is. Raises BadRequest for any other word."""
    text = given.get(name, "")
    try:
        return choices(text) if text else None
    except ValueError as error:
        raise BadRequest(f"There is no such {name}.") from error


def page_asked(given: QueryDict) -> int:
    """Return which page is asked for, from 1; the first for any other text."""
    return whole_number(given.get("page", ""), digits=_LONGEST_PAGE) or 1


def one_asked(given: QueryDict, name: str, offered: Iterable[str]) -> str:
    """Return which of those offered is asked for, empty where none is. Raises BadRequest for any other word."""
    text = given.get(name, "")
    if text and text not in offered:
        raise BadRequest(f"There is no such {name}.")
    return text


class DaysAsked:
    """From which day to which, both included: as it was typed, as moments, and what is wrong with it."""

    def __init__(self, given: QueryDict) -> None:
        self.first, self.last = given.get("from", "").strip()[:_LONGEST_DAY], given.get("to", "").strip()[:_LONGEST_DAY]
        self.errors: list[str] = []
        first, last = self._day(self.first), self._day(self.last)
        if first and last and last < first:
            self.errors.append("The first day comes after the last. Change one of them.")
            first = last = None
        self.beginning = _midnight(first) if first else None
        self.end = _midnight(last + timedelta(days=1)) if last else None

    def _day(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            self.errors.append(f"“{text}” is no day. Choose one from the calendar, or write it as 2026-11-26.")
            return None
        if day is not None and not _OLDEST <= day.year < _NEVER:
            self.errors.append(f"There is nothing to be found in the year {day.year}.")
            return None
        return day


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
