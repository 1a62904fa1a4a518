"""Reading single values of forms and addresses."""

from django.core.exceptions import BadRequest
from django.http import QueryDict

from deskhand.core.ordering import Direction

DIGITS = 18


def whole_number(text: str) -> int | None:
    """Return a whole number that fits the database, None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def direction_in(given: QueryDict) -> Direction:
    """Return where something is moved to. Raises BadRequest for any other word."""
    try:
        return Direction(given.get("direction", ""))
    except ValueError as error:
        raise BadRequest("Up or down.") from error
