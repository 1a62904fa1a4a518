"""Moving a row of an ordered list one place."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from django.db.models import Model

_Row = TypeVar("_Row", bound=Model)


class Direction(StrEnum):
    """Where to."""

    UP = "up"
    DOWN = "down"


def swapped(rows: Sequence[_Row], row_id: int, direction: Direction) -> list[_Row] | None:
    """Return the rows with one of them moved one place; None where it stands at that end, or is gone."""
    at = next((index for index, row in enumerate(rows) if row.pk == row_id), None)
    if at is None or not 0 <= (to := at + (1 if direction == Direction.DOWN else -1)) < len(rows):
        return None
    moved = list(rows)
    moved[at], moved[to] = moved[to], moved[at]
    return moved
