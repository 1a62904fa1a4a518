"""The parts of a mail, found by their boundaries in the raw bytes (RFC 2046 §5.1).

The standard library's own body parser recurses once for each level, tests every line against every
open boundary and rewrites nested messages; this one works on offsets, so that depth and count are
bounded and a nested message stays byte for byte what it was. Known phenomena: no boundary, one that
never appears or never closes, blanks after it, parts without a header, headers without an end.
"""

import re
from dataclasses import dataclass, field

from deskhand.mail.message import Headers
from deskhand.mail.parsing.headers import fields_end, header_end, make_headers, read_fields
from deskhand.mail.parsing.limits import Limits
from deskhand.mail.parsing.parameters import FieldValue, media_type, read_field

LF, CR = 0x0A, 0x0D
TAIL = re.compile(rb"(--)?(?:[ \t][^\r\n]*)?(?:\r\n|\n|\r|\Z)")
FIRST_DELIMITER = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n", re.MULTILINE)
CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
CHARSET_SAMPLE_BYTES = 32 * 1024
TOO_DEEP = "The mail nests more parts than are read; the innermost are kept as one file."
TOO_MANY = "The mail has more parts than are read; the rest is only in the original."
HEADER_CUT = "The header of the mail is longer than is read; its end is only in the original."


@dataclass(slots=True)
class Part:
    """One part: what its header says, and the offsets of its header and body in the raw mail."""

    headers: Headers
    content: FieldValue
    disposition: FieldValue
    start: int
    body_start: int
    end: int
    container: str = ""
    children: list["Part"] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """The lower-case type; text/plain where none can be read (RFC 2045 §5.2)."""
        return self.content.value or "text/plain"


class TreeReader:
    """Reads the tree of parts of one mail within its limits."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.count = 0
        self.problems: list[str] = []

    def read(self) -> Part:
        """The whole mail as a part."""
        return self._read(0, len(self.raw), depth=0, container="")

    def _read(self, start: int, end: int, *, depth: int, container: str) -> Part:
        part = self._header(start, end, container)
        if not part.media_type.startswith("multipart/"):
            return part
        if depth >= self.limits.depth:
            self._note(TOO_DEEP)
            part.content = FieldValue("application/octet-stream", part.content.parameters)
            return part
        for first, last in self._split(part):
            if self.count >= self.limits.parts:
                self._note(TOO_MANY)
                break
            self.count += 1
            part.children.append(self._read(first, last, depth=depth + 1, container=part.media_type))
        if not part.children:
            part.content = FieldValue("text/plain", part.content.parameters)
        return part

    def _header(self, start: int, end: int, container: str) -> Part:
        stop, body = header_end(self.raw, start, end)
        if stop - start > self.limits.header_bytes:
            self._note(HEADER_CUT)
            stop = start + self.limits.header_bytes
        fields = fields_end(self.raw, start, stop)
        if fields < stop:
            stop = body = fields  # what follows a line that is no field belongs to the body
        block = self.raw[start:stop]
        hint = "" if block.isascii() else self._charset_named_after(start, end)
        headers = make_headers(read_fields(block), self.limits.field_chars, hint)
        content = media_type(headers.get("content-type"))
        if not content.value and container == "multipart/digest" and "content-type" not in headers:
            content = FieldValue("message/rfc822")
        disposition = read_field(headers.get("content-disposition"))
        return Part(headers, content, disposition, start, body, end, container)

    def _charset_named_after(self, start: int, end: int) -> str:
        """The first charset a field names from here on: who writes raw fields writes them in that of the text."""
        found = CHARSET.search(self.raw, start, min(end, start + CHARSET_SAMPLE_BYTES))
        return found[1].decode("ascii") if found else ""

    def _split(self, part: Part) -> list[tuple[int, int]]:
        """Where each child of the part begins and ends, header included."""
        boundary = part.content.get("boundary").encode("utf-8", "replace")
        for wanted in dict.fromkeys((boundary, boundary.strip(), self._sniff(part))):
            found = self._between(wanted, part) if wanted else []
            if found:
                return found
        return []

    def _sniff(self, part: Part) -> bytes:
        """The boundary the body seems to use, when the header names none or a wrong one."""
        found = FIRST_DELIMITER.search(self.raw, part.body_start, min(part.end, part.body_start + 65536))
        return found[1] if found else b""

    def _between(self, boundary: bytes, part: Part) -> list[tuple[int, int]]:
        raw, marker = self.raw, b"--" + boundary
        found: list[tuple[int, int]] = []
        opened = -1
        at = raw.find(marker, part.body_start, part.end)
        while at >= 0 and len(found) <= self.limits.parts:
            tail = TAIL.match(raw, at + len(marker), part.end)
            starts_line = at == part.body_start or raw[at - 1] in b"\r\n"
            if not tail or not starts_line:
                line_end = raw.find(b"\n", at, part.end)
                at = raw.find(marker, line_end, part.end) if line_end >= 0 else -1
                continue
            if opened >= 0:
                found.append((opened, self._before(at, opened)))
            opened = -1 if tail[1] else tail.end()
            if tail[1]:
                return found
            at = raw.find(marker, tail.end(), part.end)
        if opened >= 0:
            found.append((opened, part.end))
        return found

    def _before(self, at: int, floor: int) -> int:
        """The end of the part before a delimiter: its line break belongs to the delimiter."""
        if at - 1 >= floor and self.raw[at - 1] == LF:
            at -= 1
        if at - 1 >= floor and self.raw[at - 1] == CR:
            at -= 1
        return at

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
