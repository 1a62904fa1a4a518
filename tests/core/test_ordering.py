import pytest

from deskhand.accounts.models import Team
from deskhand.core.ordering import Direction, swapped

ROWS = [Team(pk=pk) for pk in (3, 1, 2)]


@pytest.mark.parametrize(
    ("row_id", "direction", "order"),
    [
        (1, Direction.UP, [1, 3, 2]),
        (1, Direction.DOWN, [3, 2, 1]),
        (3, Direction.UP, None),
        (2, Direction.DOWN, None),
        (9, Direction.UP, None),
    ],
)
def test_moves_one_place_and_no_further_than_the_end(
    row_id: int, direction: Direction, order: list[int] | None
) -> None:
    moved = swapped(ROWS, row_id, direction)
    assert (None if moved is None else [row.pk for row in moved]) == order
    assert [row.pk for row in ROWS] == [3, 1, 2]
