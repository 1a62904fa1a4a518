import pytest

from deskhand.core.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_whole_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1_000", "x", "٣", "²", "1\x00", "9" * 19, "9" * 5000])
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_fewer_digits_can_be_asked_for() -> None:
    assert whole_number("99", digits=2) == 99
    assert whole_number("100", digits=2) is None
