"""Tables as files of comma-separated values that no spreadsheet program takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows UTF-8."""


def inert(cell: str | int) -> str | int:
    """Return a cell that only shows what it says: text that begins as a formula does gets an apostrophe in front.

    Whole numbers stay numbers, so that columns of them can be added up.
    """
    if isinstance(cell, int):
        return cell
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell


def csv_file(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return rows as a CSV file (RFC 4180) in UTF-8, every cell inert."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return (_BYTE_ORDER_MARK + table.getvalue()).encode()
