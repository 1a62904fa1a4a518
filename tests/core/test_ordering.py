import pytest
from django.db.models import QuerySet

from deskhand.core.ordering import Direction, move
from deskhand.tickets.models import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def statuses() -> list[Status]:
    """Return four, two of which share a position."""
    return [
        Status.objects.create(name=name, kind="spam", hue="gray", position=position)
        for name, position in [("a", 10), ("b", 20), ("c", 20), ("d", 21)]
    ]


def rows() -> QuerySet[Status]:
    return Status.objects.filter(name__in=["a", "b", "c", "d"]).order_by("position", "id")


def order() -> list[tuple[str, int]]:
    return list(rows().values_list("name", "position"))


@pytest.mark.parametrize(
    ("place", "direction", "after"),
    [
        (1, Direction.UP, [("b", 10), ("a", 20), ("c", 21), ("d", 22)]),
        (1, Direction.DOWN, [("a", 10), ("c", 20), ("b", 21), ("d", 22)]),
        (2, Direction.DOWN, [("a", 10), ("b", 20), ("d", 21), ("c", 22)]),
    ],
)
def test_moves_one_place_and_keeps_the_positions(
    statuses: list[Status], place: int, direction: Direction, after: list[tuple[str, int]]
) -> None:
    assert move(rows(), statuses[place].pk, direction) == statuses[place]
    assert order() == after


@pytest.mark.parametrize(("place", "direction"), [(0, Direction.UP), (3, Direction.DOWN), (None, Direction.DOWN)])
def test_goes_no_further_than_the_end(statuses: list[Status], place: int | None, direction: Direction) -> None:
    before = order()
    assert move(rows(), 0 if place is None else statuses[place].pk, direction) is None
    assert order() == before
