"""Where a list's page begins, as its address says."""

from typing import Protocol, Self, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from deskhand.core.paging import CursorNotValid
from deskhand.tickets.queries.inbox import CursorNotValid as InboxCursorNotValid

LONGEST_SEARCH = 200


class Cursor(Protocol):
    """Anything that can be written into an address and read back."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back."""


_Cursor = TypeVar("_Cursor", bound=Cursor)


def words_in(given: QueryDict) -> str:
    """Return what is searched for."""
    return given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def place_in(given: QueryDict, kind: type[_Cursor]) -> _Cursor | None:
    """Return where the page begins, None for the first. Raises BadRequest for a place no list gave."""
    text = given.get("after", "")
    try:
        return kind.parse(text) if text else None
    except (CursorNotValid, InboxCursorNotValid) as error:
        raise BadRequest("There is no such page of this list.") from error


def links(address: str, cursor: object | None, **kept: str) -> dict[str, str]:
    """Return the addresses of the next page and, beyond the first one, of the first; `kept` stays in both."""
    fields = {name: value for name, value in kept.items() if value and name != "after"}
    first = address + (f"?{urlencode(fields)}" if fields else "")
    following = f"{address}?{urlencode(fields | {'after': str(cursor)})}" if cursor else ""
    return {"next": following, "first": first if kept.get("after") else ""}
