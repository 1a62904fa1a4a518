import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.tables import csv_file


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "=cmd|' /C calc'!A0", "＝1"])  # noqa: RUF001
def test_text_that_begins_as_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert read(csv_file([[cell]])) == [["'" + cell]]


@pytest.mark.parametrize("cell", ["", "Help", "a=b", "'=1", " =1", "Été"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert read(csv_file([[cell, "x"]])) == [[cell, "x"]]


def test_whole_numbers_stay_numbers() -> None:
    assert csv_file([[-30, 5]]).endswith(b"-30,5\r\n")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4), max_size=5))
def test_no_cell_ever_begins_a_formula_and_nothing_is_lost(rows: list[list[str]]) -> None:
    cells = [cell for row in read(csv_file(rows)) for cell in row]
    given_cells = [cell for row in rows for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)
    assert [cell.removeprefix("'") for cell in cells] == [cell.removeprefix("'") for cell in given_cells]
