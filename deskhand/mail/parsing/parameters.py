"""Content-Type and Content-Disposition: their values, parameters and file names.

Names are believed in this order: RFC 2231, then RFC 2047 inside the value, then the raw value.
Known phenomena: continuations out of order or with gaps, unquoted blanks, doubled semicolons,
folders and direction marks inside names.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from deskhand.mail.parsing.charsets import decode
from deskhand.mail.parsing.headers import CONTROLS, decode_words

MAX_FIELD_CHARS = 16 * 1024
MAX_EXTENSION_CHARS = 20
QUOTES_IN_EXTENDED = 2
MAX_NAME_CHARS = 180
PARAMETER = re.compile(
    r"""([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|'([^';]*)'(?=\s*(?:;|$))|([^;]*))""",
    re.DOTALL,
)
EXTENDED = re.compile(r"^(?P<name>[^*]+)(?:\*(?P<index>\d{1,3}))?(?P<coded>\*)?$")
TOKEN = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNSAFE = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A structured field: its lower-case value and its parameters, decoded, by lower-case name."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The parameter's text, or an empty string."""
        return self.parameters.get(name, "")


def read_field(text: str) -> FieldValue:
    """The field's value and parameters, tolerant of nearly anything."""
    text = text[:MAX_FIELD_CHARS]
    value, _, rest = text.partition(";")
    if "=" in value:
        # No semicolon after the value, or no value at all.
        head, blank, tail = value.strip().partition(" ")
        value, rest = (head, f"{tail};{rest}") if blank and "=" not in head else ("", text)
    plain: dict[str, str] = {}
    extended: dict[str, list[tuple[int, bool, str]]] = {}
    for found in PARAMETER.finditer(rest):
        _sort_in(found, plain, extended)
    joined = {name: _join(pieces) for name, pieces in extended.items()}
    return FieldValue(value.strip().strip("\"'").lower(), {**plain, **joined})


def media_type(text: str) -> FieldValue:
    """A Content-Type with a well-formed type; one that cannot be read has an empty value."""
    read = read_field(text)
    found = TOKEN.match(read.value)
    return FieldValue(found[0] if found else "", read.parameters)


def safe_name(name: str) -> str:
    """The file's base name, without anything that misleads a reader or a file system; may be empty."""
    base = re.split(r"[\\/]", INVISIBLE.sub("", CONTROLS.sub("", name)))[-1]
    base = UNSAFE.sub("_", " ".join(base.split())).strip(" .") if base.strip(" .") else ""
    if len(base) <= MAX_NAME_CHARS:
        return base
    stem, dot, extension = base.rpartition(".")
    if not dot or len(extension) > MAX_EXTENSION_CHARS:
        return base[:MAX_NAME_CHARS]
    return f"{stem[: MAX_NAME_CHARS - len(extension) - 1]}.{extension}"


def file_name(disposition: FieldValue, content: FieldValue) -> str:
    """The name the sender gave the part, safe, or an empty string."""
    raw = disposition.get("filename") or disposition.get("name") or content.get("name")
    return safe_name(raw or content.get("filename"))


def _sort_in(found: re.Match[str], plain: dict[str, str], extended: dict[str, list[tuple[int, bool, str]]]) -> None:
    quoted = found[2]
    value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None and '\\"' in quoted else quoted
    if value is None:
        value = (found[3] if found[3] is not None else found[4]).strip()
    key = EXTENDED.match(found[1].lower())
    if key and (key["index"] or key["coded"]):
        pieces = extended.setdefault(key["name"], [])
        pieces.append((int(key["index"] or 0), bool(key["coded"]), value))
    else:
        plain.setdefault(found[1].lower(), decode_words(value))


def _join(pieces: list[tuple[int, bool, str]]) -> str:
    """The value of RFC 2231 pieces, in their numbers' order."""
    pieces.sort(key=lambda piece: piece[0])
    charset = ""
    data = b""
    for position, (_, coded, value) in enumerate(pieces):
        text = value
        if coded and position == 0 and value.count("'") >= QUOTES_IN_EXTENDED:
            charset, _, text = value.split("'", 2)
        data += unquote_to_bytes(text) if coded else text.encode("utf-8", "replace")
    return decode_words(decode(data, charset))
