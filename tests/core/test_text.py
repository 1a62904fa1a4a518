"""Foreign text, short enough to show."""

from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.text import one_line, shorten


@given(st.text(alphabet="a é\u0301\n\t\u202e\x00", max_size=200), st.integers(4, 30))
def test_is_cut_as_if_all_of_it_had_been_read(text: str, limit: int) -> None:
    flat = one_line(text)
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == flat if len(flat) <= limit else flat.startswith(short.removesuffix("…"))


def test_what_stands_far_behind_blank_lines_is_found() -> None:
    assert shorten("\n" * 1000 + "Hello", 80) == "Hello"
    assert shorten("Hello" + "\n" * 1000 + "there", 80) == "Hello there"


def test_is_cut_at_a_word() -> None:
    assert shorten("one two three four", 10) == "one two…"
    assert shorten("x" * 1000, 10) == "x" * 9 + "…"
