import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.names import HUES, avatar_hue, initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Alex Morgan", "AM"),
        ("Alex de la Cruz Morgan", "AM"),
        ("Prince", "P"),
        ("élodie ørsted", "ÉØ"),
        ("alex@bramley.example", "A"),
        ("", "?"),
        ("  --  ", "?"),
    ],
)
def test_takes_the_first_and_last_word(name: str, expected: str) -> None:
    assert initials(name) == expected


@given(st.text())
def test_finds_initials_in_anything(name: str) -> None:
    assert initials(name)


def test_keeps_a_persons_color() -> None:
    assert avatar_hue("priya@harbourpine.example") == avatar_hue("priya@harbourpine.example")
    assert {avatar_hue(str(number)) for number in range(200)} == set(HUES)
