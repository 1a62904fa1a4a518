"""Reading single values of forms and addresses."""

DIGITS = 18


def whole_number(text: str) -> int | None:
    """Return a whole number that fits the database, None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None
