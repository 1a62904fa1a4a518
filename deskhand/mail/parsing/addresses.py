"""Address lists, read in one pass and never refused.

Known phenomena: `<>`, groups and undisclosed recipients, comments as names, semicolons between
addresses, unquoted commas inside names, whole lists inside one encoded word, unclosed quotes,
routes, doubled brackets, thousands of recipients (RFC 5322 §3.4, §4.4).
"""

import re
from dataclasses import dataclass, field

from deskhand.mail.message import Address
from deskhand.mail.parsing.headers import decode_words

TOKENS = re.compile(r'[^"()<>,;:\\\[\]]+|\\.|.', re.DOTALL)
ADDRESS = re.compile(r"[^\s<>\"(),;:@\[\]]{1,250}(?:@[^\s<>\"(),;:@\[\]]{1,255}|@\[[^\]\s]{1,60}\])")
BLANK_DOT = re.compile(r"(@\S{1,200})\s+\.\s*")
MAX_TOKENS = 200_000


@dataclass(slots=True)
class _Entry:
    words: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] | None = None

    def is_name_alone(self) -> bool:
        return self.angle is None and "@" not in "".join(self.words)


class _Reader:
    """Splits a list into entries, keeping quotes, comments and brackets together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[Address] = []
        self.entry = _Entry()
        self.in_quote = self.in_angle = False
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
        elif self.in_quote:
            self._add(token[1:] if token[0] == "\\" and len(token) > 1 else token)
        elif token in "()":
            self.depth = max(0, self.depth + (1 if token == "(" else -1))
        elif self.depth:
            self.entry.comment.append(token)
        elif token == "<":
            self.in_angle = True
            self.entry.angle = [] if not self.entry.angle else self.entry.angle
        elif token == ">":
            self.in_angle = False
        elif token in ",;" and not self.in_angle:
            self._separate(token)
        elif token == ":" and not self.in_angle:
            # What stands before is the name of a group, or "mailto".
            self.entry = _Entry()
        else:
            self._add(token)

    def _add(self, token: str) -> None:
        if self.in_angle and self.entry.angle is not None:
            self.entry.angle.append(token)
        else:
            self.entry.words.append(token)

    def _separate(self, token: str) -> None:
        if token == "," and self.entry.is_name_alone() and "".join(self.entry.words).strip():
            self.entry.words.append(", ")
        else:
            self._finish()

    def _finish(self) -> None:
        made = _address(self.entry)
        if made:
            self.found.append(made)
        self.entry = _Entry()


def read_addresses(value: str, limit: int, hint: str = "") -> tuple[Address, ...]:
    """Up to `limit` mailboxes of a header value; names decoded, nothing raised."""
    found = _Reader(limit).read(value)
    if "=?" in value and not any("@" in one.address for one in found):
        found = _Reader(limit).read(decode_words(value, hint)) or found
    return tuple(found)


def _address(entry: _Entry) -> Address | None:
    words = " ".join(decode_words("".join(entry.words)).split()).strip(" ,'")
    words = BLANK_DOT.sub(r"\1.", words)
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
        return Address(name or comment, found[0])
    return Address(words, "") if words else None


def _mailbox(inside: str) -> str:
    found = ADDRESS.search(inside)
    if found:
        return found[0]
    # A quoted local part may hold blanks; what has two @ is kept as it came.
    return inside.replace(" ", "") if "@" in inside else ""
