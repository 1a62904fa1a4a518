"""Turns a ticket that was told into a pattern: all its rows, in every table, with gaps for what differs in a copy.

What belongs to a ticket is found by its foreign keys, so that tables to come are copied too. Ids hidden in JSON are
known by their names; one that is not known ends the seeding.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bin._seed_people import People
from bin._seed_stories import Told
from deskhand.accounts.models import Agent, User
from deskhand.allowances.models import Plan, TimeEntry
from deskhand.clients.models import Client, Contact
from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.addresses import bounce_address, new_message_id, reply_address
from deskhand.mail.models import Delivery, InboundMail, OutboundMail
from deskhand.sla.models import Clock
from deskhand.tickets.models import Attachment, Message, Ticket
from deskhand.tickets.models.team import TeamAttachment, TeamMessage

Rows = dict[type[Any], list[dict[str, Any]]]
SUBJECTS: Mapping[str, type[Any]] = {"ticket": Ticket, "inbound_mail": InboundMail, "outbound_mail": OutboundMail}
NAMED: Mapping[str, type[Any] | None] = {
    "message_id": Message, "opening_message_id": Message, "team_message_id": TeamMessage, "file_ids": File,
    "delivery_id": Delivery, "delivery_ids": Delivery, "time_entry_id": TimeEntry, "clock_id": Clock,
    "contact_id": Contact, "agent_id": Agent, "added_ids": Agent, "removed_ids": Agent, "assignee_ids": Agent,
    "mentioned_agent_ids": Agent, "actor_id": User, "ticket_id": Ticket, "plan_id": Plan,
    "category_id": None, "policy_version_id": None, "hours_version_id": None, "mailbox_id": None,
}  # fmt: skip
"""Ids that are no foreign keys; None: the same in every copy."""
ABOUT = {"client_message": Message, "team_message": TeamMessage, "mentioned": TeamMessage, "mail_troubled": Delivery,
         "promise_warned": Clock, "promise_breached": Clock}  # fmt: skip
"""What `Notification.about_id` is, by topic; 0 for the others."""
AS_IT_IS = {"storage_name", "sha256"}
"""Columns that copies share: the bytes of files."""
CODED = {"public_id", "message_id", "content_hash"}
"""Columns of texts that are unique: copies have their own code in them."""
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)"
_ID = r'"@@(\d+)@@"'
_OWN_MESSAGE_ID = re.compile(r"^<[0-9a-f]{24}\.\d+\.[a-z2-7]{26}@")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "%": "%%"})


@dataclass
class Copy:
    """What one copy has of its own."""

    code: str
    number: int
    earlier: timedelta
    first_ids: Mapping[str, int]
    """By table, the id that the first of its rows gets."""
    people: Mapping[str, Mapping[str, str]]
    """By the part played ("asker", "first", "second"), the names of who plays it."""
    subject: str
    paragraphs: Sequence[tuple[str, str]]


Gap = Callable[[Copy], str]


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
    return _Weaver(told, people, belongings(told.ticket.pk)).woven()


def belongings(ticket_id: int) -> Rows:
    """Return the rows of the ticket and of whatever hangs on it, as the columns are stored, by model."""
    from django.apps import apps

    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]  # noqa: SLF001
    found: dict[type[Any], set[Any]] = {Ticket: {ticket_id}}
    fresh: list[tuple[type[Any], set[Any]]] = [(Ticket, {ticket_id})]
    while fresh:
        known, keys = fresh.pop()
        for model in models:
            for link in _links(model):
                if link.remote_field.model is known:
                    _find(model, model._base_manager.filter(**{f"{link.name}__in": keys}), found, fresh)  # noqa: SLF001
        if known in {Attachment, TeamAttachment}:
            _find(File, File.objects.filter(pk__in=known.objects.filter(pk__in=keys).values("file")), found, fresh)
    for kind, model in SUBJECTS.items():
        _find(Event, Event.objects.filter(subject_kind=kind, subject_id__in=found.get(model, ())), found, [])
    return {model: _rows(model, keys) for model, keys in found.items() if keys}


def _links(model: type[Any]) -> list[Any]:
    return [one for one in model._meta.concrete_fields if one.remote_field]  # noqa: SLF001


def _find(
    model: type[Any], rows: Any, found: dict[type[Any], set[Any]], fresh: list[tuple[type[Any], set[Any]]]
) -> None:
    keys = set(rows.values_list("pk", flat=True)) - found.get(model, set())
    if keys:
        found.setdefault(model, set()).update(keys)
        fresh.append((model, keys))


def stored_columns(model: type[Any]) -> list[Any]:
    """Return the fields that are written, generated ones left out."""
    return [one for one in model._meta.concrete_fields if not one.generated]  # noqa: SLF001


def _rows(model: type[Any], keys: set[Any]) -> list[dict[str, Any]]:
    names = [one.attname for one in stored_columns(model)]
    return list(model._base_manager.filter(pk__in=keys).order_by("pk").values(*names))  # noqa: SLF001


class _Weaver:
    """Makes the lines of one ticket's rows and the gaps in them."""

    def __init__(self, told: Told, people: People, rows: Rows) -> None:
        self.told = told
        self.rows = rows
        self.gaps: list[Gap] = []
        self.gap_numbers: dict[Any, int] = {}
        self.ids: dict[type[Any], dict[int, tuple[Any, Gap]]] = {}
        self.texts: dict[str, tuple[Any, Gap]] = {}
        self._know_people(people)
        self._know_rows()
        self._know_texts()
        known = sorted(self.texts, key=len, reverse=True)
        self.pattern = re.compile("|".join([_ID, f"({_TIME})", *(re.escape(text) for text in known)]))

    def woven(self) -> Pattern:
        tables = [self._table(model, rows) for model, rows in self.rows.items()]
        used = {gap for table in tables for gap in table.gaps}
        for place, _ in enumerate(self.told.paragraphs):
            for half in (0, 1):
                if self.gap_numbers.get(("paragraph", place, half)) not in used:
                    raise RuntimeError(f"{self.told.plot}: the text of entry {place + 1} is nowhere in its rows")
        return Pattern(self.told, tables, self.gaps)

    def _gap(self, key: Any, gap: Gap) -> int:
        if key not in self.gap_numbers:
            self.gap_numbers[key] = len(self.gaps)
            self.gaps.append(gap)
        return self.gap_numbers[key]

    def _know_people(self, people: People) -> None:
        parts = {"asker": people.askers[0].names, "first": people.workers[0].names, "second": people.workers[1].names}
        kinds = {"agent": Agent, "user": User, "contact": Contact, "client": Client, "plan": Plan}
        for part, names in parts.items():
            for name, value in names.items():
                known = ((part, name), _named(part, name))
                if name in kinds:
                    self.ids.setdefault(kinds[name], {})[int(value)] = known
                else:
                    self.texts[value] = known

    def _know_rows(self) -> None:
        for model, rows in self.rows.items():
            key = model._meta.pk  # noqa: SLF001
            if key.remote_field:
                continue
            table = model._meta.db_table  # noqa: SLF001
            for place, row in enumerate(rows):
                self.ids.setdefault(model, {})[row[key.attname]] = ((table, place), _numbered(table, place))
            for name in CODED & {one.attname for one in stored_columns(model) if not one.remote_field}:
                for row in rows:
                    self._know_code(row[name])

    def _know_code(self, text: str) -> None:
        if not text:
            return
        if _OWN_MESSAGE_ID.match(text):
            self.texts[text] = (("own message id", text), lambda copy: new_message_id(copy.number))
            return
        head = "<" if text.startswith("<") else ""
        tail = text[len(head) + 7 :]
        self.texts[text] = (("code", text), lambda copy: f"{head}{copy.code}{tail}")

    def _know_texts(self) -> None:
        told, number = self.told, self.told.ticket.number
        self.texts[told.subject] = (("subject",), lambda copy: copy.subject)
        for place, pair in enumerate(told.paragraphs):
            for half, text in enumerate(pair):
                self.texts[text] = (("paragraph", place, half), _paragraph(place, half))
        self.texts[reply_address(number)] = (("reply address",), lambda copy: reply_address(copy.number))
        for before in ("#", "/tickets/"):
            self.texts[f"{before}{number}"] = ((before,), lambda copy, before=before: f"{before}{copy.number}")

    def _table(self, model: type[Any], rows: list[dict[str, Any]]) -> TableRows:
        fields = stored_columns(model)
        has_ids = not model._meta.pk.remote_field  # noqa: SLF001
        table = TableRows(model._meta.db_table, tuple(one.column for one in fields), len(rows), has_ids)  # noqa: SLF001
        for row in rows:
            cells = [self._cell(model, one, row) for one in fields]
            parts = "\t".join(cells) + "\n"
            table.gaps += [int(gap) for gap in re.findall(r"\x00(\d+)\x00", parts)]
            table.lines += re.sub(r"\x00\d+\x00", "%s", parts)
        return table

    def _cell(self, model: type[Any], column: Any, row: dict[str, Any]) -> str:
        """Return the text of a cell, each gap as its number between two NULs."""
        value = row[column.attname]
        if value is None:
            return r"\N"
        special = self._special(model, column.attname, value, row)
        if special is not None:
            return special
        kind = self._kind_of_id(model, column, row)
        if kind is None:
            return self._plain(column, value)
        return (
            "{" + ",".join(self._id(kind, one) for one in value) + "}"
            if isinstance(value, list)
            else self._id(kind, value)
        )

    def _plain(self, column: Any, value: Any) -> str:
        """Return the text of a cell that is no id of a row."""
        if column.get_internal_type() == "JSONField":
            return self._text(json.dumps(self._with_ids(value)))
        match value:
            case bool():
                return "t" if value else "f"
            case date():
                return self._time(value)
            case bytes() | memoryview():
                return self._text(bytes(value).decode().replace("\\", r"\\"))
            case list():
                quoted = ('"' + str(one).replace("\\", r"\\").replace('"', r"\"") + '"' for one in value)
                return self._text("{" + ",".join(quoted) + "}")
        return str(value).translate(_ESCAPES) if column.attname in AS_IT_IS else self._text(str(value))

    def _special(self, model: type[Any], name: str, value: Any, row: dict[str, Any]) -> str | None:
        if model is Ticket and name == "number":
            return self._mark(("number",), lambda copy: str(copy.number))
        if model is Ticket and name == "last_line" and value:
            places = [place for place, pair in enumerate(self.told.paragraphs) if pair[0].startswith(value[:40])]
            return self._mark(("line", places[0]), lambda copy: " ".join(copy.paragraphs[places[0]])[:157].strip())
        if name == "submission_key":  # of a message that came by mail
            return f"mail:{self._id(InboundMail, int(value.removeprefix('mail:')))}"
        if model is Delivery and name == "envelope_from" and value:
            table, place = Delivery._meta.db_table, [one["id"] for one in self.rows[Delivery]].index(row["id"])  # noqa: SLF001
            return self._mark(("bounce", place), lambda copy: bounce_address(copy.first_ids[table] + place))
        return None

    def _kind_of_id(self, model: type[Any], column: Any, row: dict[str, Any]) -> type[Any] | None:
        name = column.attname
        if column.remote_field:
            kind = column.remote_field.model
            return kind if kind in self.rows or row[name] in self.ids.get(kind, ()) else None
        if column.primary_key:
            return model
        if name == "subject_id":
            return SUBJECTS[row["subject_kind"]]
        if name == "about_id":
            return ABOUT[row["topic"]] if row[name] else None
        return NAMED[name] if name.endswith(("_id", "_ids")) and isinstance(row[name], int | list) else None

    def _id(self, kind: type[Any], value: int) -> str:
        known = self.ids.get(kind, {}).get(value)
        if known is None:
            raise RuntimeError(f"{self.told.plot}: {kind.__name__} {value} belongs to nobody in the story")
        return self._mark(*known)

    def _mark(self, key: Any, gap: Gap) -> str:
        return f"\x00{self._gap(key, gap)}\x00"

    def _time(self, value: date) -> str:
        return self._mark(("at", value), lambda copy: (value - copy.earlier).isoformat())

    def _text(self, text: str) -> str:
        parts, done = [], 0
        for match in self.pattern.finditer(text):
            parts += [text[done : match.start()].translate(_ESCAPES), self._found(match)]
            done = match.end()
        return "".join([*parts, text[done:].translate(_ESCAPES)])

    def _found(self, match: re.Match[str]) -> str:
        if match[1]:
            return f"\x00{match[1]}\x00"
        if match[2]:
            return self._time(datetime.fromisoformat(match[2]))
        return self._mark(*self.texts[match[0]])

    def _with_ids(self, value: Any, name: str = "") -> Any:
        """Return JSON with each id of a row as `@@gap@@`."""
        if isinstance(value, dict):
            return {key: self._with_ids(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._with_ids(item, name) for item in value]
        kind = NAMED[name] if name.endswith(("_id", "_ids")) and isinstance(value, int) else None
        return f"@@{self._id(kind, value)[1:-1]}@@" if kind else value


def _named(part: str, name: str) -> Gap:
    return lambda copy: copy.people[part][name]


def _numbered(table: str, place: int) -> Gap:
    return lambda copy: str(copy.first_ids[table] + place)


def _paragraph(place: int, half: int) -> Gap:
    return lambda copy: copy.paragraphs[place][half]
