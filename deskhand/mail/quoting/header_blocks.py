"""Header fields copied into a body: "From: … Sent: … To: … Subject: …".

Known phenomena: bold stars, values wrapped over lines, blank lines between fields, quoted blocks,
fields in any order and language; two fields suffice when they hold an address and a date.
"""

import re
from dataclasses import dataclass

from deskhand.mail.quoting.labels import Kind, read_label

MIN_FIELDS = 3
MAX_CONTINUATION = 3
DIGITS = re.compile(r"\d.*\d")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A block's fields by kind, and the lines it takes: from `start` up to but without `end`."""

    fields: dict[Kind, str]
    start: int
    end: int


def find_block(lines: list[str], start: int) -> HeaderBlock | None:
    """The header block that begins on this line, if one does."""
    first = read_label(lines[start])
    if first is None or first[0] == "other":
        return None
    fields: dict[Kind, str] = {}
    at, end = start, start
    kind: Kind = first[0]
    while at < len(lines):
        read = read_label(lines[at])
        if read is not None:
            if read[0] in fields and read[0] != "other":
                break
            kind = read[0]
            fields[kind] = read[1]
        elif not (step := _continues(lines, at)):
            break
        else:
            fields[kind] = " ".join([fields[kind], *(line.strip(" \t>*") for line in lines[at : at + step])]).strip()
            at += step - 1
        at += 1
        end = at
    return HeaderBlock(fields, start, end) if _is_header(fields) else None


def _continues(lines: list[str], at: int) -> int:
    """How many lines from here wrap the value before: those that another field follows soon."""
    limit = MAX_CONTINUATION
    if not lines[at].strip(" \t>"):
        limit = 1  # a blank line only directly before a field
    for ahead in range(1, limit + 1):
        if at + ahead >= len(lines):
            return 0
        if ahead > 1 and not lines[at + ahead - 1].strip(" \t>"):
            return 0
        if read_label(lines[at + ahead]) is not None:
            return ahead
    return 0


def _is_header(fields: dict[Kind, str]) -> bool:
    known = set(fields) - {"other"}
    if len(known) >= MIN_FIELDS:
        return bool(known & {"from", "date"})
    if known in ({"date", "to"}, {"date", "from"}):
        other = next(fields[kind] for kind in known if kind != "date")
        return "@" in other and bool(DIGITS.search(fields["date"]))
    return known == {"from", "subject"} and "@" in fields["from"]
