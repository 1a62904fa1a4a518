"""Plain text: making foreign strings safe to store and short to show."""

import re
import unicodedata
from math import isfinite
from typing import Any

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def storable(text: str) -> str:
    """Return `text` without NUL and lone surrogates, which PostgreSQL cannot hold."""
    return _SURROGATES.sub("\ufffd", text.replace("\x00", ""))


def storable_json(value: Any) -> Any:
    """Return a value read from JSON as PostgreSQL can hold it: every text storable, and no number that is none."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable_json(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): storable_json(one) for name, one in value.items()}
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def one_line(text: str) -> str:
    """Return `text` as one line: control characters and line ends become spaces, bidi overrides go."""
    flat = _CONTROLS.sub(" ", _BIDI.sub("", storable(text)))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", flat)).strip()


def shorten(text: str, limit: int) -> str:
    """Return the first line's worth of `text`, at most `limit` characters, cut at a word with an ellipsis."""
    head = text[: 4 * limit]  # mostly far more than is shown, and far less than all
    flat = one_line(head)
    if len(flat) <= limit and len(head) < len(text):
        flat = one_line(text)
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"
