"""Header fields copied into a body: "From: … Sent: … To: … Subject: …".

Known phenomena: bold stars, values wrapped over lines, blank lines between fields, quoted blocks, rows of a table,
fields in any order and language, all of them on one line; two fields suffice when they hold an address and a time.
Lotus Notes writes sender and date without labels, and the other labels on lines of their own, without colons.
People write such fields themselves: of journeys and parcels, and those of a mail's source that they paste.
"""

import re
from dataclasses import dataclass
from itertools import islice, takewhile

from deskhand.mail.quoting.labels import KINDS, Kind, bare_label, plain_label, read_label
from deskhand.mail.quoting.separators import without_announcement

MIN_FIELDS = 3
MAX_RUN_ON, MAX_RUN_ON_LABELS = 4000, 16
MAX_NOTES_LINES = 20
MAX_SENDER_CHARS = 120
RUN_ON_LABEL = re.compile(r"(?<=[^\s:])\s?([^\W\d_][^\d_:@<>\n]{0,24}[^\s\d_:@<>]|[AÀ])\s?[:\uff1a]\s")
DATE_LINE = re.compile(
    r"[ \t>]*\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*[AP]\.?M\.?)?(?:\s+[A-Z]{2,5})?\s*$",
    re.IGNORECASE,
)
FIRST_WORD = re.compile(r"[\s>]*([^\W\d_]{1,30})[ \t]+(\S.*)")
SENT_BY = re.compile(r"[ \t>]*[^\W\d_][^:\n]{2,30}:")
MAX_CONTINUATION, MAX_RECIPIENT_LINES = 3, 60
TIME = re.compile(r"\d[\u200e\u200f]?[:.h][\u200e\u200f]?\d\d\b(?!\.\d)")
SOURCE_FIELD = re.compile(
    r"[\s>]*(?:Return-Path|Received|Message-ID|MIME-Version|Content-Type|DKIM-Signature|Delivered-To|References|"
    r"Authentication-Results|User-Agent|In-Reply-To|X-[\w-]{1,60}):\s",
    re.IGNORECASE,
)
MAX_SOURCE_LINES = 40
SETTING = re.compile(r"[\s>]*[a-z]")
UNKNOWN_FIELD = re.compile(r"[\s>*_]*[^\W\d_](?:[^\W\d_]|-){0,20}[*_]*:[*_]*\s")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A block's fields by kind, and the lines it takes: from `start` up to but without `end`."""

    fields: dict[Kind, str]
    start: int
    end: int


def find_block(lines: list[str], start: int) -> HeaderBlock | None:
    """The header block that begins on this line, if one does."""
    return _labelled(lines, start) or _unlabelled(lines, start)


def is_written_by_hand(lines: list[str], block: HeaderBlock) -> bool:
    """Whether a person wrote or pasted the block.

    Text goes on right below two fields; the block is part of a source, or of settings, whose labels are in lower case;
    it has addresses and no date; or it names nobody's address and stands right below another field, as in a memo's
    head: "To: all, From: Ada, Date: 2 March".
    """
    if "@" not in "".join(block.fields.values()) and _has_field_above(lines, block.start):
        return True
    if SETTING.match(lines[block.start]) or ("to" in block.fields and not _has_date(block.fields)):
        return True
    below = lines[block.end] if block.end < len(lines) else ""
    if set(block.fields) == {"from", "subject"} and below.strip(" \t>"):
        return True
    above = reversed(lines[max(0, block.start - MAX_SOURCE_LINES) : block.start])
    beside = [*takewhile(str.strip, above), *takewhile(str.strip, lines[block.end : block.end + MAX_SOURCE_LINES])]
    return any(SOURCE_FIELD.match(line) for line in beside)


def _has_date(fields: dict[Kind, str]) -> bool:
    """Whether there is a date, be it below a label of a language that is not known."""
    return "date" in fields or bool(TIME.search(" ".join(fields.values())))


def _has_field_above(lines: list[str], start: int) -> bool:
    above = [line for line in lines[max(0, start - 2) : start] if line.strip()]
    return bool(above) and read_label(above[-1]) is not None


def _labelled(lines: list[str], start: int) -> HeaderBlock | None:
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
        elif (kind == "from" and _is_unknown_field(lines[at])) or not (step := _continues(lines, at)):
            break
        else:
            fields[kind] = " ".join([fields[kind], *(line.strip(" \t>*") for line in lines[at : at + step])]).strip()
            at += step - 1
        at += 1
        end = at
    return HeaderBlock(fields, start, end) if _is_header(fields) else None


def _is_unknown_field(line: str) -> bool:
    """Whether a field that is no mail's stands here, as right below the sender in what a form asked for: "Phone: 1"."""
    return bool(UNKNOWN_FIELD.match(line)) and not TIME.search(line)


def _continues(lines: list[str], at: int) -> int:
    """How many lines from here wrap the value before: those that another field follows soon."""
    recipients = takewhile(lambda line: "@" in line, islice(lines, at, at + MAX_RECIPIENT_LINES))
    limit = max(MAX_CONTINUATION, sum(1 for _ in recipients))
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
    has_address = "@" in "".join(fields.values())
    if len(known) >= MIN_FIELDS:
        return bool(known & {"from", "date"}) if has_address else _is_header_of_names(fields)
    if known in ({"date", "to"}, {"date", "from"}):
        other = next(fields[kind] for kind in known if kind != "date")
        return "@" in other and bool(TIME.search(fields["date"]))
    return known == {"from", "subject"} and "@" in fields["from"]


def _is_header_of_names(fields: dict[Kind, str]) -> bool:
    """Whether fields without any address are a mail's.

    Somebody who books a journey names From, To and Date as well; mail programs put the date before whom the mail is to,
    and before both whom it is from.
    """
    if (
        "date" not in fields
        or next(iter(fields)) != "from"
        or next(kind for kind in fields if kind in {"date", "to"}) == "to"
    ):
        return False
    return "subject" in fields or bool(TIME.search(fields["date"]))


def _unlabelled(lines: list[str], start: int) -> HeaderBlock | None:
    """A block of Lotus Notes: who, when, and then To, cc and Subject."""
    sender = lines[start].strip(" \t>")
    if not ("@" in sender or "/" in sender) or len(sender) > MAX_SENDER_CHARS or sender.endswith((":", ".", ",")):
        return None
    below = next((line for line in lines[start + 1 : start + 3] if line.strip(" \t>")), "")
    if not (DATE_LINE.match(below) or SENT_BY.match(below)):
        return None
    following = [at for at in range(start + 1, min(len(lines), start + MAX_NOTES_LINES)) if lines[at].strip(" \t>")]
    while following and SENT_BY.match(lines[following[0]]) and not DATE_LINE.match(lines[following[0]]):
        following.pop(0)
    if not following or not DATE_LINE.match(lines[following[0]]):
        return None
    fields: dict[Kind, str] = {"from": sender, "date": lines[following[0]].strip(" \t>")}
    kind: Kind | None = None
    for at in following[1:]:
        line = lines[at]
        read = read_label(line) or _read_bare(line)
        if read:
            kind, fields[read[0]] = read[0], read[1]
        elif kind and not fields[kind]:
            fields[kind] = line.strip(" \t>")
        else:
            break
        if kind == "subject" and fields["subject"]:
            return HeaderBlock(fields, start, at + 1) if "to" in fields else None
    return None


def _read_bare(line: str) -> tuple[Kind, str] | None:
    """A label without a colon, and the value behind a tab if there is one: the cells of a table's row."""
    label, _, value = line.strip(" >\t").partition("\t")
    kind = bare_label(label)
    return (kind, value.strip()) if kind else None


def announced_block(lines: list[str], start: int) -> HeaderBlock | None:
    """A block without any colon, as eM Client writes it right below "--- Forwarded Message ---"."""
    fields: dict[Kind, str] = {}
    at = start
    while at < len(lines) and (found := FIRST_WORD.match(lines[at])) and (kind := bare_label(found[1])):
        fields[kind] = found[2].strip()
        at += 1
    return HeaderBlock(fields, start, at) if "from" in fields and _is_header(fields) else None


def run_on_block(line: str) -> HeaderBlock | None:
    """The header block whose fields all stand on this line, be it behind "--- Original Message ---"."""
    if "@" not in line or len(line) > MAX_RUN_ON or line.count(":") < MIN_FIELDS:
        return None
    fields = without_announcement(line).lstrip(" \t>")
    first = read_label(fields)
    return _labelled(_split_run_on(fields), 0) if first and first[0] == "from" else None


def _split_run_on(text: str) -> list[str]:
    """The fields of a run-on line, one a line: each begins at a label right behind a value."""
    starts = [0]
    for found in islice(RUN_ON_LABEL.finditer(text), MAX_RUN_ON_LABELS):
        for back in range(len(found[1])):
            label = found[1][back:]
            before = text[found.start(1) + back - 1]
            is_start = label[0].isupper() or not (before.isalpha() or before.isspace())
            if is_start and plain_label(label) in KINDS:
                starts.append(found.start(1) + back)
                break
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
