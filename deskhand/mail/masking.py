"""Taking tokens out of mail before people see it: whoever holds one of those links acts as its reader.

They are told by their own shape, whatever address they stand in: mail servers put ours, percent-encoded, into another
("safe links"). They are found in text, and in raw bytes as mail carries them: plain, with soft line breaks
(quoted-printable), or in base64. Bytes without any come back as they are.
"""

import base64
import binascii
import re

from django.conf import settings

PATHS = ("t", "unfollow", "approve", "rate")
"""The first part of the path of every address that stands for its reader (portal/urls.py)."""
SIGN_IN = "sign-in/link"
HIDDEN = "hidden"

_SOFT_BREAK = r"(?:=[ \t]{0,3}\r?\n)?"


def _coded(code: str) -> str:
    """A character as quoted-printable or an address encodes it; one address within another encodes each `%` again."""
    code = f"{_SOFT_BREAK}{code[0]}{_SOFT_BREAK}[{code[1].upper()}{code[1]}]"
    return f"={code}|%(?:{_SOFT_BREAK}2{_SOFT_BREAK}5){{0,3}}{code}"


_LETTER = f"(?:[A-Za-z0-9_-]|{_coded('5f')}|{_coded('2d')})"
_ID = re.compile(f"(?:{_LETTER}{_SOFT_BREAK}){{22}}")
_ID_LENGTH = 22
_ID_REACH = 120
"""No id is written longer than that, however much of it is encoded and broken."""
# A letter of an id, or whatever else stands there, with the break that follows it.
_UNIT = re.compile(rf"(?:{_LETTER}|[\s\S]){_SOFT_BREAK}")
_DOT = rf"{_SOFT_BREAK}(?:\.|{_coded('2e')})"
_DIGIT = f"(?:{_SOFT_BREAK}[0-9])"
# What follows the id is looked for first: it begins with what is rare in base64, and so is found fast.
_AFTER_ID = re.compile(
    rf"(?:\.|{_coded('2e')}){_DIGIT}{{1,12}}{_DOT}{_DIGIT}{{1,11}}(?:{_DOT}{_DIGIT}{{1,17}})?{_DOT}"
    rf"(?:{_SOFT_BREAK}[A-Za-z2-7]){{32}}"
)
_AFTER_ANY_ID = re.compile(
    rf"{_AFTER_ID.pattern}|(?::|{_coded('3a')})(?:{_SOFT_BREAK}{_LETTER}){{43}}(?!{_SOFT_BREAK}{_LETTER})"
)
# The last line may be a short one.
_BASE64_LINES = re.compile(
    rb"(?:^[ \t]*[A-Za-z0-9+/]{20,}={0,2}[ \t]*\r?\n?)+"
    rb"(?:^(?:[A-Za-z0-9+/]{4}){0,4}[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/][A-Za-z0-9+/=])[ \t]*\r?\n?)?",
    re.MULTILINE,
)
_LINE_BYTES = 57  # 76 characters of base64 (RFC 2045 §6.8)


def without_links(text: str) -> str:
    """Return what a mail says without such addresses: quoted in an answer, others of the ticket would read them."""
    ours = "|".join(re.escape(base) for base in {settings.BASE_URL, settings.PORTAL_URL})
    plain = re.sub(rf"({ours})/(?:{'|'.join((*PATHS, SIGN_IN))})/[^\s\"'<>)\]]+", r"\1/tickets", text)
    return masked_quote(plain)


def masked(text: str) -> str:
    """Return the text with every token replaced."""
    return _without(_AFTER_ID, text)


def masked_quote(text: str) -> str:
    """Return what came in with every token replaced, a one-time sign-in link's included: a quoted one may be fresh."""
    return _without(_AFTER_ANY_ID, text)


def masked_bytes(raw: bytes) -> bytes:
    """Return a raw mail with every token replaced, in whatever encoding a part carries it."""
    return _masked_plain(_BASE64_LINES.sub(_masked_base64, raw))


def _without(after_id: re.Pattern[str], text: str) -> str:
    """Replace each id together with what follows it."""
    kept, end = [], 0
    for found in after_id.finditer(text):
        start = _start_of_id(text, end, found.start())
        if start is not None:
            kept += [text[end:start], HIDDEN]
            end = found.end()
    return "".join([*kept, text[end:]]) if kept else text


def _start_of_id(text: str, earliest: int, end: int) -> int | None:
    """Where the id begins that ends at `end`; None where none does."""
    before = "".join(_UNIT.findall(text, max(earliest, end - _ID_REACH), end)[-_ID_LENGTH:])
    return end - len(before) if _ID.fullmatch(before) else None


def _masked_plain(raw: bytes) -> bytes:
    return masked_quote(raw.decode("latin-1")).encode("latin-1")  # each byte is a character, and comes back as it was


def _masked_base64(found: re.Match[bytes]) -> bytes:
    try:
        content = base64.b64decode(found[0], validate=False)
    except binascii.Error:
        return found[0]
    kept = _masked_plain(content)
    if kept == content:
        return found[0]
    lines = (kept[at : at + _LINE_BYTES] for at in range(0, len(kept), _LINE_BYTES))
    return b"".join(base64.b64encode(line) + b"\r\n" for line in lines)
