"""Whole numbers as addresses and forms send them."""

_DIGITS = 18


def whole_number(text: str, *, digits: int = _DIGITS) -> int | None:
    """Return a whole number of at most that many digits, None for any other text. 18 fit a bigint whatever they are."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
