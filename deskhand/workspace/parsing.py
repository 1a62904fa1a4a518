"""Reading single values of forms and addresses."""

from django.core.exceptions import BadRequest
from django.http import QueryDict

from deskhand.core.ordering import Direction


def direction_in(given: QueryDict) -> Direction:
    """Return where something is moved to. Raises BadRequest for any other word."""
    try:
        return Direction(given.get("direction", ""))
    except ValueError as error:
        raise BadRequest("Up or down.") from error
