"""Address lists, read in one pass and never refused.

Known phenomena: `<>`, groups and undisclosed recipients, comments as names, semicolons or nothing at all
between addresses, unquoted commas inside names, whole lists inside one encoded word, unclosed quotes,
quoted local parts, blanks round the @, routes, doubled brackets, thousands of recipients (RFC 5322 §3.4, §4.4).
"""

import re
from dataclasses import dataclass, field

from deskhand.mail.message import Address
from deskhand.mail.parsing.headers import decode_words
from deskhand.mail.parsing.parameters import INVISIBLE

TOKENS = re.compile(r'[^"()<>,;:\\\[\]]+|\\.|.', re.DOTALL)
ADDRESS = re.compile(
    r"""(?:"[^"@]{1,64}"|[^\s<>"(),;:@\[\]]{1,250})@(?:[^\s<>"(),;:@\[\]/\\]{1,255}|\[[^\]\s]{1,60}\])"""
)
BLANK_DOT = re.compile(r"(@\S{1,200})\s+\.\s*")
BLANK_AT = re.compile(r"(?<=\w)\s*@\s*(?=\w)")
MAX_TOKENS = 200_000


@dataclass(slots=True)
class _Entry:
    words: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    before_angle: int = 0

    def is_name_alone(self) -> bool:
        return self.angle is None and "@" not in "".join(self.words)


class _Reader:
    """Splits a list into entries, keeping quotes, comments and brackets together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[Address] = []
        self.entry = _Entry()
        self.in_quote = self.in_angle = False
        self.quote_begins: int | None = None
        self.depth = 0

    def read(self, text: str) -> list[Address]:
        for count, token in enumerate(TOKENS.finditer(text)):
            if count > MAX_TOKENS or len(self.found) >= self.limit:
                return self.found
            self._take(token[0])
        self._finish()
        return self.found[: self.limit]

    def _take(self, token: str) -> None:
        if token == '"' and not self.depth:
            self.in_quote = not self.in_quote
            if self.in_quote:
                self.quote_begins = len(self._target())
        elif self.in_quote:
            self._add(token[1:] if token[0] == "\\" and len(token) > 1 else token)
        elif token in "()":
            self.depth = max(0, self.depth + (1 if token == "(" else -1))
        elif self.depth:
            self.entry.comment.append(token)
        elif token == "<":
            self._open_angle()
        elif token == ">":
            self.in_angle = False
        elif token in ",;" and not self.in_angle:
            self._separate(token)
        elif token == ":" and not self.in_angle:
            # What stands before is the name of a group, or "mailto".
            self.entry = _Entry()
        else:
            self._add(token)

    def _open_angle(self) -> None:
        """Begin an address in brackets; behind another one a comma was forgotten: the words between are its name."""
        was_open, self.in_angle = self.in_angle, True
        if not self.entry.angle:
            self.entry.angle, self.entry.before_angle = [], len(self.entry.words)
        if was_open or not self.entry.angle:
            return
        words, self.entry.words = self.entry.words, self.entry.words[: self.entry.before_angle]
        self.found += _addresses(self.entry)
        self.entry = _Entry(words[self.entry.before_angle :], angle=[], before_angle=len(words))

    def _target(self) -> list[str]:
        return self.entry.angle if self.in_angle and self.entry.angle is not None else self.entry.words

    def _add(self, token: str) -> None:
        target = self._target()
        if self.quote_begins is not None and not self.in_quote:
            quoted = "".join(target[self.quote_begins :])
            if token.startswith("@") and " " in quoted:
                target[self.quote_begins :] = [f'"{quoted}"']
            self.quote_begins = None
        target.append(token)

    def _separate(self, token: str) -> None:
        if token == "," and self.entry.is_name_alone() and "".join(self.entry.words).strip():
            self.entry.words.append(", ")
        else:
            self._finish()

    def _finish(self) -> None:
        self.found += _addresses(self.entry)
        self.entry = _Entry()
        self.quote_begins = None


def read_addresses(value: str, limit: int, hint: str = "") -> tuple[Address, ...]:
    """Up to `limit` mailboxes of a header value; names decoded, nothing raised."""
    found = _Reader(limit).read(value)
    if "=?" in value and not any("@" in one.address for one in found):
        found = _Reader(limit).read(decode_words(value, hint)) or found
    return tuple(found)


def _addresses(entry: _Entry) -> list[Address]:
    """The mailbox of an entry; several where only blanks stand between addresses.

    Marks nobody sees come with addresses that were copied, and make others of them.
    """
    if entry.angle is None and "".join(entry.words).count("@") > 1:
        words = "".join(entry.words).split()
        if all(ADDRESS.fullmatch(word) for word in words):
            return [Address("", word.rstrip(".")) for word in words]
    made = _address(entry)
    if made and not made.address.isascii():
        made = Address(made.name, INVISIBLE.sub("", made.address))
    return [made] if made else []


def _address(entry: _Entry) -> Address | None:
    words = " ".join(decode_words("".join(entry.words)).split()).strip(" ,")
    if words[:1] == "'" == words[-1:]:
        words = words.strip(" ,'")
    words = BLANK_DOT.sub(r"\1.", words)
    if entry.angle is None and "@" in words and not ADDRESS.search(words):
        words = BLANK_AT.sub("@", words)
    comment = " ".join(decode_words("".join(entry.comment)).split())
    if entry.angle is not None:
        inside = "".join(entry.angle).strip()
        address = _mailbox(inside.rpartition(":")[2])
        if address or not ADDRESS.search(words):
            name = words or comment
            return Address(name, address) if name or address else None
    found = ADDRESS.search(words)
    if found:
        name = (words[: found.start()] + " " + words[found.end() :]).strip(" []<>'")
        return Address(name or comment, found[0].rstrip("."))
    if found := ADDRESS.fullmatch(comment):
        return Address(words, found[0])
    return Address(words, "") if words else None


def _mailbox(inside: str) -> str:
    found = ADDRESS.search(inside)
    if found:
        return found[0].rstrip(".")
    # A quoted local part may hold blanks; what has two @ is kept as it came.
    return inside.replace(" ", "") if "@" in inside else ""
