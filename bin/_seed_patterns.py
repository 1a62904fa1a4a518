"""Turns a ticket that was told into a pattern: all its rows, in every table, with gaps for what differs in a copy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Field, Model

from bin._seed_gaps import ESCAPES, Gap, Gaps, named_kind
from bin._seed_people import People
from bin._seed_rows import SUBJECTS, Rows, belongings, stored_columns
from bin._seed_stories import Told
from deskhand.mail.addresses import bounce_address
from deskhand.mail.models import Delivery, InboundMail
from deskhand.sla.models import Clock
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.team import TeamMessage

ABOUT = {"client_message": Message, "message_held": Message, "team_message": TeamMessage, "mentioned": TeamMessage,
         "mail_troubled": Delivery, "promise_warned": Clock, "promise_breached": Clock}  # fmt: skip
"""What `Notification.about_id` is, by topic; 0 for the others."""
AS_IT_IS = {"storage_name", "sha256"}
"""Columns that copies share: the bytes of files."""


@dataclass
class TableRows:
    """The rows of one table: lines of COPY with a %s at each gap."""

    table: str
    columns: tuple[str, ...]
    count: int
    has_ids: bool
    lines: str = ""
    gaps: list[int] = field(default_factory=list)

    def filled(self, values: Sequence[str]) -> str:
        """Return the lines of a copy."""
        return self.lines % tuple([values[gap] for gap in self.gaps])


@dataclass
class Pattern:
    """A ticket to copy."""

    told: Told
    tables: list[TableRows]
    gaps: list[Gap]


def pattern_of(told: Told, people: People) -> Pattern:
    """Return the pattern of a ticket. Raises RuntimeError for an id or text that it cannot place."""
    rows = belongings(told.ticket.pk)
    gaps = Gaps(told, people, rows)
    tables = [_Weaver(gaps, rows, model).woven() for model in rows]
    for place, _ in enumerate(told.paragraphs):
        if gaps.lacks(place):
            raise RuntimeError(f"{told.plot}: the text of entry {place + 1} is nowhere in its rows")
    return Pattern(told, tables, gaps.gaps)


class _Weaver:
    """Makes the lines of one table's rows."""

    def __init__(self, gaps: Gaps, rows: Rows, model: type[Model]) -> None:
        self.gaps = gaps
        self.rows = rows
        self.model = model

    def woven(self) -> TableRows:
        fields, meta, rows = stored_columns(self.model), self.model._meta, self.rows[self.model]
        table = TableRows(meta.db_table, tuple(str(one.column) for one in fields), len(rows), not meta.pk.remote_field)
        for row in rows:
            cells = "\t".join(self._cell(one, row) for one in fields) + "\n"
            table.gaps += [int(gap) for gap in re.findall(r"\x00(\d+)\x00", cells)]
            table.lines += re.sub(r"\x00\d+\x00", "%s", cells)
        return table

    def _cell(self, column: "Field[Any, Any]", row: dict[str, Any]) -> str:
        value = row[column.attname]
        if value is None:
            return r"\N"
        if (special := self._special(column.attname, value, row)) is not None:
            return special
        kind = self._kind_of_id(column, row)
        if kind is None:
            return self._plain(column, value)
        if isinstance(value, list):
            return "{" + ",".join(self.gaps.id(kind, one) for one in value) + "}"
        return self.gaps.id(kind, value)

    def _plain(self, column: "Field[Any, Any]", value: Any) -> str:
        """Return the text of a cell that is no id of a row."""
        if column.get_internal_type() == "JSONField":
            return self.gaps.json(value)
        match value:
            case bool():
                return "t" if value else "f"
            case date():
                return self.gaps.time(value)
            case bytes() | memoryview():
                return self.gaps.text(bytes(value).decode().replace("\\", r"\\"))
            case list():
                quoted = ('"' + str(one).replace("\\", r"\\").replace('"', r"\"") + '"' for one in value)
                return self.gaps.text("{" + ",".join(quoted) + "}")
        return str(value).translate(ESCAPES) if column.attname in AS_IT_IS else self.gaps.text(str(value))

    def _special(self, name: str, value: Any, row: dict[str, Any]) -> str | None:
        """Return the text of a cell that follows a rule of its own, None for all others."""
        if self.model is Ticket and name == "number":
            return self.gaps.mark(("number",), lambda copy: str(copy.number))
        if self.model is Ticket and name == "last_line" and value:
            told = enumerate(self.gaps.told.paragraphs)
            place = next(place for place, pair in told if pair[0].startswith(value[:40]))
            return self.gaps.mark(("line", place), lambda copy: " ".join(copy.paragraphs[place])[:157].strip())
        if name == "submission_key":  # of a message that came by mail
            return f"mail:{self.gaps.id(InboundMail, int(value.removeprefix('mail:')))}"
        if self.model is Delivery and name == "envelope_from" and value:
            table, place = Delivery._meta.db_table, self.rows[Delivery].index(row)
            return self.gaps.mark(("bounce", place), lambda copy: bounce_address(copy.first_ids[table] + place))
        return None

    def _kind_of_id(self, column: "Field[Any, Any]", row: dict[str, Any]) -> type[Model] | None:
        """Return of what a cell holds the id, or several; None for none, and for what every copy shares."""
        name = column.attname
        if column.remote_field:
            kind = column.remote_field.model
            return kind if kind in self.rows or self.gaps.knows(kind, row[name]) else None
        if column.primary_key:
            return self.model
        if name == "subject_id":
            return SUBJECTS[row["subject_kind"]]
        if name == "about_id":
            return ABOUT[row["topic"]] if row[name] else None
        return named_kind(name, row[name])
