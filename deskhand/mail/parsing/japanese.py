"""ISO-2022-JP as Windows writes it: with letters the standard lacks (NEC row 13, NEC's selection of IBM letters).

Outlook labels "㈱", "①", "Ⅱ" and "髙" so. Python's codecs refuse the whole text; CP932 has them all, at places that
follow from those of JIS (JIS X 0208 annex 1).
"""

import re

ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
KANJI, KANA = b"$", b"(I"
FIRST, LAST = 0x21, 0x7E
HIGH_BIT = 0x80
LAST_LOW_LEAD = 0x9F
LEFT_OUT = 0x7F


def decode_windows_jis(data: bytes) -> str | None:
    """Return the text, or None where the bytes are not ISO-2022-JP even so."""
    if not data.isascii():
        return None
    out, *rest = ESCAPE.split(data)
    for mode, piece in zip(rest[::2], rest[1::2], strict=True):
        shifted = _shifted(mode, piece)
        if shifted is None:
            return None
        out += shifted
    try:
        return out.decode("cp932")
    except UnicodeError:
        return None


def _shifted(mode: bytes, piece: bytes) -> bytes | None:
    """What follows an escape, as CP932 has it; None where it is no text in that mode."""
    if mode == KANA:
        return bytes(byte | HIGH_BIT for byte in piece)
    if not mode.startswith(KANJI):
        return piece
    if len(piece) % 2 or not all(FIRST <= byte <= LAST for byte in piece):
        return None
    return b"".join(_pair(row, cell) for row, cell in zip(piece[::2], piece[1::2], strict=True))


def _pair(row: int, cell: int) -> bytes:
    """Two rows of 94 cells make one of 188, which leaves out one byte."""
    lead = (row - FIRST) // 2 + 0x81
    if lead > LAST_LOW_LEAD:
        lead += 0x40
    if row % 2 == 0:
        return bytes((lead, cell + 0x7E))
    low = cell + 0x1F
    return bytes((lead, low + 1 if low >= LEFT_OUT else low))
