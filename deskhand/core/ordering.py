"""Moving a row of an ordered list one place."""

from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound=Model)


class Direction(StrEnum):
    """Where to."""

    UP = "up"
    DOWN = "down"


def move(rows: "QuerySet[_Row]", row_id: int, direction: Direction) -> _Row | None:
    """Lock the rows, move one of them one place and return it; None where it stands at that end, or is gone.

    `rows` come in their order, by `position` first. They share out the positions they had: where they stand among other
    rows stays. Two that were added at once may have had the same one, and part.
    """
    standing: list[Any] = list(rows.select_for_update())
    at = next((index for index, row in enumerate(standing) if row.pk == row_id), None)
    if at is None or not 0 <= (to := at + (1 if direction == Direction.DOWN else -1)) < len(standing):
        return None
    places = [row.position for row in standing]
    standing[at], standing[to] = standing[to], standing[at]
    position = places[0] - 1
    for row, place in zip(standing, places, strict=True):
        row.position = position = max(place, position + 1)
    rows.bulk_update(standing, ["position"])
    moved: _Row = standing[to]
    return moved
