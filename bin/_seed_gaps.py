"""What differs from copy to copy of a told ticket: numbers, names, texts and moments, each found and made a gap.

Ids hidden in JSON are known by their names; one that is not known ends the seeding.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model

from bin._seed_people import People
from bin._seed_rows import Rows, stored_columns
from bin._seed_stories import Told
from deskhand.accounts.models import Agent, User
from deskhand.allowances.models import Plan, TimeEntry
from deskhand.clients.models import Client, Contact
from deskhand.files.models import File
from deskhand.mail.addresses import new_message_id, reply_address
from deskhand.mail.models import Delivery
from deskhand.sla.models import Clock
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.team import TeamMessage

NAMED: Mapping[str, type[Model] | None] = {
    "message_id": Message, "opening_message_id": Message, "team_message_id": TeamMessage, "file_ids": File,
    "delivery_id": Delivery, "delivery_ids": Delivery, "time_entry_id": TimeEntry, "clock_id": Clock,
    "contact_id": Contact, "agent_id": Agent, "added_ids": Agent, "removed_ids": Agent, "assignee_ids": Agent,
    "mentioned_agent_ids": Agent, "actor_id": User, "ticket_id": Ticket, "plan_id": Plan,
    "category_id": None, "policy_version_id": None, "hours_version_id": None, "mailbox_id": None,
}  # fmt: skip
"""Ids that are no foreign keys; None: the same in every copy."""
CODED = {"public_id", "message_id", "content_hash"}
"""Columns of texts that are unique: copies have their own code in them."""
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "%": "%%"})
"""Of a text that stands in a line of COPY, which is filled by `%`."""
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)"
_ID = r'"@@(\d+)@@"'
_OWN_MESSAGE_ID = re.compile(r"^<[0-9a-f]{24}\.\d+\.[a-z2-7]{26}@")


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
Key = tuple[object, ...]
"""What a gap stands for; the same thing is the same gap wherever it stands."""


def named_kind(name: str, value: object) -> type[Model] | None:
    """Return of what a column or field of JSON holds an id, or several, by its name. Raises KeyError for a new one."""
    return NAMED[name] if name.endswith(("_id", "_ids")) and isinstance(value, int | list) else None


class Gaps:
    """Knows what differs, and writes it as a gap: its number between two NULs."""

    def __init__(self, told: Told, people: People, rows: Rows) -> None:
        self.told = told
        self.gaps: list[Gap] = []
        self._numbers: dict[Key, int] = {}
        self._ids: dict[type[Model], dict[int, tuple[Key, Gap]]] = {}
        self._texts: dict[str, tuple[Key, Gap]] = {}
        self._know_people(people)
        for model, present in rows.items():
            self._know_rows(model, present)
        self._know_texts()
        known = sorted(self._texts, key=len, reverse=True)
        self._pattern = re.compile("|".join([_ID, f"({_TIME})", *(re.escape(text) for text in known)]))

    def mark(self, key: Key, gap: Gap) -> str:
        """Return the gap that stands for something, filled by `gap`."""
        if key not in self._numbers:
            self._numbers[key] = len(self.gaps)
            self.gaps.append(gap)
        return f"\x00{self._numbers[key]}\x00"

    def knows(self, kind: type[Model], value: int) -> bool:
        """Whether a row differs from copy to copy."""
        return value in self._ids.get(kind, ())

    def id(self, kind: type[Model], value: int) -> str:
        """Return the gap for the id of a row. Raises RuntimeError for one that is none of the story's."""
        if not self.knows(kind, value):
            raise RuntimeError(f"{self.told.plot}: {kind.__name__} {value} belongs to nobody in the story")
        return self.mark(*self._ids[kind][value])

    def time(self, value: date) -> str:
        """Return the gap for a moment or a day: earlier in a copy."""
        return self.mark(("at", value), lambda copy: (value - copy.earlier).isoformat())

    def text(self, text: str) -> str:
        """Return a text with a gap for each thing known in it."""
        parts, done = [], 0
        for match in self._pattern.finditer(text):
            parts += [text[done : match.start()].translate(ESCAPES), self._found(match)]
            done = match.end()
        return "".join([*parts, text[done:].translate(ESCAPES)])

    def json(self, value: Any) -> str:
        """Return JSON with a gap for each id and each thing known in its texts."""
        return self.text(json.dumps(self._with_ids(value)))

    def lacks(self, place: int) -> bool:
        """Whether a paragraph of that entry stands nowhere."""
        return any(("paragraph", place, half) not in self._numbers for half in (0, 1))

    def _found(self, match: re.Match[str]) -> str:
        if match[1]:
            return f"\x00{match[1]}\x00"
        if match[2]:
            return self.time(datetime.fromisoformat(match[2]))
        return self.mark(*self._texts[match[0]])

    def _with_ids(self, value: Any, name: str = "") -> Any:
        """Return JSON with each id of a row as `@@gap@@`."""
        if isinstance(value, dict):
            return {key: self._with_ids(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._with_ids(item, name) for item in value]
        kind = named_kind(name, value)
        return f"@@{self.id(kind, value)[1:-1]}@@" if kind else value

    def _know_people(self, people: People) -> None:
        parts = {"asker": people.askers[0].names, "first": people.workers[0].names, "second": people.workers[1].names}
        kinds = {"agent": Agent, "user": User, "contact": Contact, "client": Client, "plan": Plan}
        for part, names in parts.items():
            for name, value in names.items():
                known = ((part, name), _named(part, name))
                if name in kinds:
                    self._ids.setdefault(kinds[name], {})[int(value)] = known
                else:
                    self._texts[value] = known

    def _know_rows(self, model: type[Model], rows: list[dict[str, Any]]) -> None:
        key, table = model._meta.pk, model._meta.db_table
        if key.remote_field:
            return
        for place, row in enumerate(rows):
            self._ids.setdefault(model, {})[row[key.attname]] = ((table, place), _numbered(table, place))
        for name in CODED & {one.attname for one in stored_columns(model) if not one.remote_field}:
            for row in rows:
                self._know_code(row[name])

    def _know_code(self, text: str) -> None:
        if not text:
            return
        if _OWN_MESSAGE_ID.match(text):
            self._texts[text] = (("own message id", text), lambda copy: new_message_id(copy.number))
            return
        head = "<" if text.startswith("<") else ""
        tail = text[len(head) + 7 :]
        self._texts[text] = (("code", text), lambda copy: f"{head}{copy.code}{tail}")

    def _know_texts(self) -> None:
        told, number = self.told, self.told.ticket.number
        self._texts[told.subject] = (("subject",), lambda copy: copy.subject)
        for place, pair in enumerate(told.paragraphs):
            for half, text in enumerate(pair):
                self._texts[text] = (("paragraph", place, half), _paragraph(place, half))
        self._texts[reply_address(number)] = (("reply address",), lambda copy: reply_address(copy.number))
        for before in ("#", "/tickets/"):
            self._texts[f"{before}{number}"] = ((before,), _number_after(before))


def _named(part: str, name: str) -> Gap:
    return lambda copy: copy.people[part][name]


def _numbered(table: str, place: int) -> Gap:
    return lambda copy: str(copy.first_ids[table] + place)


def _number_after(text: str) -> Gap:
    return lambda copy: f"{text}{copy.number}"


def _paragraph(place: int, half: int) -> Gap:
    return lambda copy: copy.paragraphs[place][half]
