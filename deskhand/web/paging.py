"""What the address of a list says: what is searched for, and where the page begins."""

from typing import Protocol, Self, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from deskhand.core.paging import CursorNotValid

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
    except CursorNotValid as error:
        raise BadRequest("There is no such page of this list.") from error


def links(address: str, after: object | None, following: object | None, **kept: str) -> dict[str, str]:
    """Return the addresses of the next page, and of the first where this one begins `after` a row; both keep `kept`."""
    fields = {name: value for name, value in kept.items() if value}
    first = address + (f"?{urlencode(fields)}" if fields else "")
    return {
        "next": f"{address}?{urlencode(fields | {'after': str(following)})}" if following else "",
        "first": first if after else "",
    }
