"""Header fields: split by the standard library (compat32), decoded by rules of our own.

Known phenomena: raw 8-bit or ISO-2022 fields in the charset of the text, encoded words cut inside a character or off at
their end, without a charset, holding blanks, question marks or padding in their middle, words in quotes, control
characters meant to break a later send (RFC 2047, RFC 6532).
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from email import policy
from email.message import Message
from email.parser import HeaderParser

from deskhand.mail.message import Headers
from deskhand.mail.parsing.charsets import clean, codec_for, decode

# C0, DEL, C1 and the Unicode line breaks: Django refuses to send a subject holding some of them.
CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
ESCAPE = "\x1b"  # begins the letters of ISO-2022-JP, and is a control character otherwise
FOLDS = re.compile(r"[\r\n][\r\n \t]*|\t")
WORD = re.compile(r"=\?([^?\s]{0,60})\?([bBqQ])\?(.{0,1000}?)(?:\?=|\Z)", re.DOTALL)
PADDING = re.compile(rb"=[= ]*")
NAME_GAP = re.compile(rb"^([!-9;-~]{1,100})[ \t]+:", re.MULTILINE)
NOT_A_FIELD = re.compile(rb"^(?![!-9;-~]{1,500}[ \t]*:|[ \t\r\n]|>?From )(?=.)", re.MULTILINE)
HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r(?!\n)")
_PARSER = HeaderParser(policy=policy.compat32)


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` stops, and where its body begins."""
    for newline in (b"\r\n", b"\n"):
        if raw.startswith(newline, start, end):
            return start, start + len(newline)
    found = HEADER_END.search(raw, start, end)
    return (found.start(), found.end()) if found else (end, end)


def fields_end(raw: bytes, start: int, end: int) -> int:
    """Where the first line begins that is neither a field nor its continuation; `end` without one."""
    found = NOT_A_FIELD.search(raw, start, end)
    return found.start() if found else end


def read_fields(block: bytes) -> Message:
    """The block's fields, raw, by the standard library."""
    if b" :" in block or b"\t:" in block:
        block = NAME_GAP.sub(rb"\1:", block)  # "Subject : x" (RFC 5322 §4.5)
    return _PARSER.parsestr(block.decode("ascii", "surrogateescape"))


def readable(raw_value: str, limit: int, hint: str = "") -> str:
    """A raw field as one clean line: unfolded, 8-bit bytes decoded, control characters gone."""
    value = FOLDS.sub(" ", raw_value[:limit])
    if not value.isascii() or ESCAPE in value:
        value = decode(value.encode("utf-8", "surrogateescape"), hint=hint)
    return CONTROLS.sub("", clean(value)).strip()


def make_headers(message: Message, limit: int, hint: str = "") -> Headers:
    """All fields of a header block, readable, in their order; `hint` is the charset raw 8-bit fields may be in."""
    return Headers(tuple((name, readable(str(value), limit, hint)) for name, value in message.raw_items()))


def decode_words(value: str, hint: str = "") -> str:
    """The value with its encoded words (RFC 2047) decoded, however badly they were cut."""
    if "=?" not in value:
        return value
    out: list[str] = []
    pending = bytearray()
    charset = ""
    for gap, word in _pieces(value):
        if pending and (gap.strip() or (word and word[0] != charset)):
            out.append(decode(bytes(pending), charset, hint=hint))
            pending.clear()
        if gap.strip() or not out or word is None:
            out.append(gap)
        if word:
            charset, content = word
            pending += content
    if pending:
        out.append(decode(bytes(pending), charset, hint=hint))
    return CONTROLS.sub("", clean("".join(out)))


def charset_hint(values: Iterable[str]) -> str:
    """The charset the first encoded word names: a hint for parts that name none."""
    for value in values:
        if "=?" in value and (found := WORD.search(value)):
            return found[1].split("*")[0]
    return ""


def _pieces(value: str) -> Iterator[tuple[str, tuple[str, bytes] | None]]:
    """The text before each encoded word with that word's charset and bytes; last, the tail."""
    at = 0
    for found in WORD.finditer(value):
        content = _word_bytes(found[1], found[2], found[3])
        if content is None:
            continue
        yield value[at : found.start()], (found[1].split("*")[0].lower(), content)
        at = found.end()
    if at < len(value):
        yield value[at:], None


def _word_bytes(charset: str, encoding: str, content: str) -> bytes | None:
    data = _raw_bytes(content, charset.split("*", maxsplit=1)[0])
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"\n", b""), header=True)
    try:
        return b"".join(binascii.a2b_base64(piece + b"===") for piece in PADDING.split(data.rstrip(b"= ")))
    except binascii.Error:
        return None


def _raw_bytes(content: str, charset: str) -> bytes:
    """The content's bytes in its own charset: some senders leave letters unencoded inside a word."""
    if not content.isascii() and (codec := codec_for(charset)):
        try:
            return content.encode(codec)
        except UnicodeError:
            pass
    return content.encode("utf-8", "replace")
