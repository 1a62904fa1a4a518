import pytest

from deskhand.core.durations import DurationNotValid, duration, logged_time, minutes_in


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0m"), (45, "45m"), (90, "1h 30m"), (480, "8h"), (-30, "\u221230m")]
)
def test_reads_as_hours_and_minutes(minutes: int, expected: str) -> None:
    assert duration(minutes) == expected


def test_keeps_both_units_in_columns() -> None:
    assert [logged_time(minutes) for minutes in (0, 5, 135)] == ["0h 00m", "0h 05m", "2h 15m"]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("20", 20),
        ("0", 0),
        ("1:15", 75),
        ("0:05", 5),
        ("1h", 60),
        ("1h15", 75),
        ("1h 15m", 75),
        ("1 h 15 min", 75),
        ("0h 20m", 20),
        ("1.5h", 90),
        ("1,25 hours", 75),
        ("45m", 45),
        ("45 minutes", 45),
        ("-1:15", -75),
        ("\u221230", -30),
        ("+2h", 120),
        (" 90 ", 90),
    ],
)
def test_a_time_can_be_written_in_many_ways(text: str, minutes: int) -> None:
    assert minutes_in(text) == minutes


@pytest.mark.parametrize("text", ["", " ", "-", "abc", "1:75", "1.5", "--5", "1h 2h", "9" * 12, "=1", "1:2"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DurationNotValid, match="1h 15m"):
        minutes_in(text)
