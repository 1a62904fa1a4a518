"""Content-Transfer-Encoding undone, keeping whatever decodes (RFC 2045 §6).

Known phenomena: base64 with foreign characters, padding in the middle, a cut end or a footer glued
on by a mailing list, or none at all under its label; quoted-printable with blanks after the soft
break; uuencode as an encoding and in the middle of a text; labels that name no encoding at all.
"""

import binascii
import re

BASE64 = re.compile(rb"[A-Za-z0-9+/\s]*+={0,3}\s*+\Z")
CLOSED = re.compile(rb"([A-Za-z0-9+/]+={1,2})(?![A-Za-z0-9+/=])")
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,3}")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
LABEL_END = re.compile(r"[;,(\s\"']")
SOFT_BREAK = re.compile(rb"=[ \t]+(\r?\n)")
UU_BLOCK = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[\x20-\x60]{1,90}\r?\n)*?)(?:`|\x20*)\r?\n?end[ \t]*\r?$",
    re.MULTILINE,
)
BAD_BASE64 = "The file was damaged on its way: parts of it could not be decoded."


def decode_transfer(data: bytes, label: str) -> tuple[bytes, str]:
    """The decoded bytes and, when they may differ from what was sent, a sentence saying so."""
    name = LABEL_END.split(label.strip(" \t\"'").lower(), maxsplit=1)[0]
    if name == "base64":
        return _base64(data)
    if name in {"quoted-printable", "quoted-printeable", "quoted/printable", "qp"}:
        if b"= " in data or b"=\t" in data:
            data = SOFT_BREAK.sub(rb"=\1", data)
        return binascii.a2b_qp(data), ""
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        found = UU_BLOCK.search(data)
        return (_uu_lines(found[2]), "") if found else (data, BAD_BASE64)
    return data, ""


def split_uuencoded(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A text without the uuencoded files inside it, and these files as name and content."""
    if b"\nbegin " not in data and not data.startswith(b"begin "):
        return data, []
    files = [(found[1].decode("utf-8", "replace").strip(), _uu_lines(found[2])) for found in UU_BLOCK.finditer(data)]
    return UU_BLOCK.sub(b"", data) if files else data, files


def _base64(data: bytes) -> tuple[bytes, str]:
    if BASE64.match(data):
        return _a2b(data), ""
    out = bytearray()
    pending = bytearray()
    for line in data.split(b"\n"):
        text = line.strip()
        if closed := CLOSED.match(text):
            text = closed[1]
        if b" " in text and not BASE64_LINE.fullmatch(text.replace(b" ", b"")):
            continue  # a sentence, not data
        padded = text.endswith(b"=")
        pending += NOT_BASE64.sub(b"", text)
        if padded:
            out += _a2b(bytes(pending))
            pending.clear()
    out += _a2b(bytes(pending))
    # A text that was never encoded, whatever its label says, is kept as it came.
    return bytes(out) or data, "" if _is_only_split(data) else BAD_BASE64


def _is_only_split(data: bytes) -> bool:
    """Whether every line is good base64, merely padded more than once."""
    return all(BASE64.match(line) for line in data.splitlines())


def _a2b(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    whole = NOT_BASE64.sub(b"", data)
    usable = len(whole) - (1 if len(whole) % 4 == 1 else 0)
    return binascii.a2b_base64(whole[:usable] + b"===")


def _uu_lines(block: bytes) -> bytes:
    out = bytearray()
    for line in block.splitlines():
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Some encoders pad the last group too short or too long: take what the length says.
            out += _uu_line(line)
    return bytes(out)


def _uu_line(line: bytes) -> bytes:
    size = ((line[0] - 32) & 63) * 4 + 5 if line else 0
    try:
        return binascii.a2b_uu(line[: size // 3].ljust(1))
    except binascii.Error:
        return b""
