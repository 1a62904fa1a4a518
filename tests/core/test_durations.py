import pytest

from deskhand.core.durations import duration, logged_time


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0m"), (45, "45m"), (90, "1h 30m"), (480, "8h"), (-30, "\u221230m")]
)
def test_reads_as_hours_and_minutes(minutes: int, expected: str) -> None:
    assert duration(minutes) == expected


def test_keeps_both_units_in_columns() -> None:
    assert [logged_time(minutes) for minutes in (0, 5, 135)] == ["0h 00m", "0h 05m", "2h 15m"]
