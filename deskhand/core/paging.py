"""Pages of lists: each begins after the last row of the one before, however deep it is."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from deskhand.core.numbers import whole_number

PAGE_SIZE = 50
_LONGEST = 400


class CursorNotValid(ValueError):
    """The place to continue from is none this list gave."""


@dataclass(frozen=True)
class IdCursor:
    """The last row of a page of a list in the order of ids: its id."""

    id: int

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor written as `str(cursor)`. Raises CursorNotValid."""
        row_id = whole_number(text)
        if row_id is None:
            raise CursorNotValid(text)
        return cls(row_id)


@dataclass(frozen=True)
class NameCursor:
    """The last row of a page of a list sorted by name: its name in lower case, and its id."""

    name: str
    id: int

    def __str__(self) -> str:
        return f"{self.id}.{self.name}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor written as `str(cursor)`. Raises CursorNotValid."""
        digits, dot, name = text.partition(".")
        row_id = whole_number(digits)
        if row_id is None or not dot or len(name) > _LONGEST or "\x00" in name:
            raise CursorNotValid(text)
        return cls(name, row_id)

    def beyond(self, field: str) -> Q:
        """Return the condition for rows after this one; `field` holds the name in lower case."""
        later: dict[str, Any] = {f"{field}__gt": self.name}
        same: dict[str, Any] = {field: self.name, "pk__gt": self.id}
        return Q(**{f"{field}__gte": self.name}) & (Q(**later) | Q(**same))
