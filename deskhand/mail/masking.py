"""Taking tokens out of mail before people see it: whoever holds one of those links acts as its reader.

They are found in text, and in raw bytes as mail carries them: plain, with soft line breaks (quoted-printable), or
in base64. Bytes without any come back as they are.
"""

import base64
import binascii
import re

from django.conf import settings

PATHS = ("t", "unfollow", "approve", "rate")
"""The first part of the path of every address that stands for its reader (portal/urls.py)."""
SIGN_IN = "sign-in/link"
HIDDEN = "hidden"

_TOKEN = r"[A-Za-z0-9_-]{22}\.[0-9]{1,12}\.[0-9]{1,11}(?:\.[0-9]{1,17})?\.[A-Za-z2-7]{32}"
_ONE_TIME = r"[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{43}"
_SOFT_BREAK = rb"(?:=[ \t]*\r?\n)?"
_IN_TEXT = re.compile(rf"(/(?:{'|'.join(PATHS)})/)(?:{_TOKEN})")
_SIGN_IN_IN_TEXT = re.compile(rf"(/{SIGN_IN}/)(?:{_ONE_TIME})")
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
    return re.sub(rf"({ours})/(?:{'|'.join((*PATHS, SIGN_IN))})/[^\s\"'<>)\]]+", r"\1/tickets", text)


def masked(text: str) -> str:
    """Return the text with every token in such an address replaced."""
    return _IN_TEXT.sub(rf"\1{HIDDEN}", text)


def masked_quote(text: str) -> str:
    """Return what came in with every token replaced, a one-time sign-in link's included: a quoted one may be fresh."""
    return _SIGN_IN_IN_TEXT.sub(rf"\1{HIDDEN}", masked(text))


def masked_bytes(raw: bytes) -> bytes:
    """Return a raw mail with every token in such an address replaced, in whatever encoding a part carries it."""
    return _IN_BYTES.sub(_hide, _BASE64_LINES.sub(_masked_base64, raw))


def _broken(character: str, *, escaped: bool = False) -> bytes:
    return (re.escape(character).encode() if escaped else character.encode()) + _SOFT_BREAK


def _bytes_pattern() -> re.Pattern[bytes]:
    """The same addresses with a soft line break wherever quoted-printable may have put one."""
    paths = b"|".join(b"".join(_broken(one) for one in path) for path in PATHS)
    slash, dot = _broken("/"), _broken(".", escaped=True)
    digit = b"(?:[0-9]" + _SOFT_BREAK + b")"
    token = (
        b"(?:[A-Za-z0-9_-]" + _SOFT_BREAK + b"){22}" + dot + digit + b"{1,12}" + dot + digit + b"{1,11}"
        b"(?:" + dot + digit + b"{1,17})?" + dot + b"(?:[A-Za-z2-7]" + _SOFT_BREAK + b"){32}"
    )  # fmt: skip
    letter = b"(?:[A-Za-z0-9_-]" + _SOFT_BREAK + b")"
    one_time = letter + b"{22}" + _broken(":") + letter + b"{43}"
    sign_in = b"".join(_broken(one) for one in SIGN_IN)
    standing = b"(?:" + paths + b")" + slash + b"(?=" + token + b")"
    fresh = sign_in + slash + b"(?=" + one_time + b")"
    return re.compile(b"(" + slash + b"(?:" + standing + b"|" + fresh + b"))(?:" + token + b"|" + one_time + b")")


_IN_BYTES = _bytes_pattern()


def _hide(found: re.Match[bytes]) -> bytes:
    # The last character's soft break belongs to what follows.
    tail = re.search(_SOFT_BREAK + rb"$", found[0])
    return found[1] + HIDDEN.encode() + (tail[0] if tail else b"")


def _masked_base64(found: re.Match[bytes]) -> bytes:
    try:
        content = base64.b64decode(found[0], validate=False)
    except binascii.Error:
        return found[0]
    kept = _IN_BYTES.sub(_hide, content)
    if kept == content:
        return found[0]
    lines = (kept[at : at + _LINE_BYTES] for at in range(0, len(kept), _LINE_BYTES))
    return b"".join(base64.b64encode(line) + b"\r\n" for line in lines)
