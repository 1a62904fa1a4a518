import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from deskhand.accounts.models import Team
from deskhand.core.paging import CursorNotValid, IdCursor, NameCursor
from deskhand.core.uniqueness import unless_taken

NAMES = st.text(st.characters(exclude_characters="\x00"), max_size=200)


@given(NAMES, st.integers(min_value=0, max_value=10**18 - 1))
def test_a_cursor_is_read_back_as_it_was_written(name: str, row_id: int) -> None:
    cursor = NameCursor(name, row_id)
    assert NameCursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text", ["", "1", ".", "x.a", "-1.a", "1.a\x00", "9" * 19 + ".a", "1." + "a" * 401, "\uff11.a"]
)
def test_anything_else_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorNotValid):
        NameCursor.parse(text)


def test_a_row_is_read_back_by_its_id_alone() -> None:
    assert IdCursor.parse(str(IdCursor(42))) == IdCursor(42)


@pytest.mark.parametrize("text", ["", "x", "-1", "1.", "9" * 19, "9" * 5000])
def test_anything_but_an_id_is_no_cursor_of_a_list_in_their_order(text: str) -> None:
    with pytest.raises(CursorNotValid):
        IdCursor.parse(text)


class NameGone(Exception):
    """What the caller wants to hear."""


def test_a_name_that_is_taken_becomes_the_callers_error_and_the_transaction_lives_on(db: None) -> None:
    Team.objects.create(name="Web")
    with pytest.raises(NameGone), unless_taken("team_name_unique", NameGone()):
        Team.objects.create(name="WEB")
    assert Team.objects.count() == 1


def test_another_broken_constraint_stays_what_it_is(db: None) -> None:
    with pytest.raises(IntegrityError), unless_taken("team_name_unique", NameGone()):
        Team.objects.create(name="")
