"""A ticket's thread as staff read it: messages and team messages, with the events between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.core import documents, html
from deskhand.core.built import built_once
from deskhand.core.names import without_address
from deskhand.events import Via
from deskhand.tickets.models import Attachment, Kind, Message, Recipient
from deskhand.tickets.models.team import TeamAttachment, TeamMessage
from deskhand.tickets.queries.attached import AttachedFile, attached_fields
from deskhand.tickets.queries.history import Happening, Part, Parts, history_of

ALWAYS_SHOWN = 8
"""So many of the last entries are shown unasked, however many were read."""
_TOGETHER = timedelta(minutes=5)
_SHARED = (
    "id",
    "position",
    "author_id",
    "author__name",
    "author__email",
    "author__picture_key",
    "created_at",
    "html",
    "document",
)
_NO = Value(False)  # noqa: FBT003 (an expression, not a switch)
_SHOWN = {
    "ticket.status_changed",
    "ticket.assignees_changed",
    "ticket.team_changed",
    "ticket.property_changed",
    "ticket.tags_changed",
    "ticket.participant_added",
    "ticket.requester_changed",
    "ticket.files_attached",
    "ticket.message_accepted",
    "ticket.held_message_deleted",
}


class EntryKind(StrEnum):
    """Who wrote an entry, and for whom."""

    CLIENT = "client"
    AGENT = "agent"
    TEAM = "team"


@dataclass(frozen=True)
class Entry:
    """A message or team message. `html` is safe to show, in our pages where `is_simple`, else in a frame."""

    kind: EntryKind
    id: int
    public_id: str
    position: int
    author_id: int
    author: str
    author_key: str
    author_picture: str
    at: datetime
    via: Via
    html: str
    has_quoted: bool
    is_simple: bool
    is_auto_reply: bool
    is_held: bool
    files: tuple[AttachedFile, ...]
    recipients: tuple[str, ...]
    is_entry: ClassVar[bool] = True


@dataclass(frozen=True)
class Line:
    """Something that happened between entries: one sentence, made of all that one person did at a time."""

    id: int
    icon: str
    actor: str
    deeds: tuple[Parts, ...]
    at: datetime
    is_entry: ClassVar[bool] = False

    @property
    def parts(self) -> Parts:
        """What was done, as "this, that and that"."""
        parts: list[Part] = []
        for place, deed in enumerate(self.deeds):
            if place:
                parts.append(Part(" and " if place == len(self.deeds) - 1 else ", "))
            parts.extend(deed)
        return tuple(parts)


@dataclass(frozen=True)
class Thread:
    """Entries and lines in the order they happened. `folded_count` earlier entries were left out."""

    items: tuple[Entry | Line, ...]
    folded_count: int

    @property
    def entries(self) -> list[Entry]:
        """The entries alone."""
        return [item for item in self.items if isinstance(item, Entry)]


def read_thread(ticket_id: int, *, agent: Agent, read_to: int, is_whole: bool = False) -> Thread:
    """Return a ticket's thread as an agent who may see it reads it. Two queries.

    Of what was read (up to position `read_to`) only the last few entries are there, unless `is_whole`.
    """
    entries = newer_entries(ticket_id, agent=agent, seen=0)
    folded = 0 if is_whole else _foldable(entries, read_to)
    shown = entries[folded:]
    lines = _lines(history_of(ticket_id, agent=agent), entries)
    if folded:
        lines = [line for line in lines if line.at >= shown[0].at]
    return Thread(tuple(_in_order(shown, lines)), folded)


def newer_entries(ticket_id: int, *, agent: Agent, seen: int) -> list[Entry]:
    """Return the entries after position `seen`, oldest first. One query."""
    entries = [_entry(row) for row in _entries_of(ticket_id, seen)]
    may_know = agent.may(Permission.CLIENTS_CONTACT_DETAILS)
    return entries if may_know else [_without_addresses(entry) for entry in entries]


@built_once
def _entries_of(ticket_id: int, seen: int) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any, Any] = _messages(ticket_id, after=seen)
    return rows.union(_team_messages(ticket_id, after=seen), all=True).order_by("position")


def _without_addresses(entry: Entry) -> Entry:
    """Names that are addresses, for want of a better one, tell an address too."""
    return replace(
        entry,
        author=without_address(entry.author),
        recipients=tuple(without_address(name) for name in entry.recipients),
    )


def _foldable(entries: Sequence[Entry], read_to: int) -> int:
    read = sum(entry.position <= read_to and not entry.is_held for entry in entries)
    return max(0, min(read - 1, len(entries) - ALWAYS_SHOWN))


def _files(model: type[Attachment | TeamAttachment], **where: Any) -> ArraySubquery:
    attached = model.objects.filter(**where).order_by("id")
    inline = {"is_inline": "is_inline"} if model is Attachment else {}
    return ArraySubquery(attached.values(file_fields=JSONObject(**attached_fields(), **inline)))


def _messages(ticket_id: int, *, after: int) -> QuerySet[Message, Any]:
    sent_to = Recipient.objects.filter(message=OuterRef("pk")).order_by("-role", "id")
    known_as = Coalesce(NullIf("name", Value("")), "address", output_field=CharField())
    rows: QuerySet[Message, Any] = Message.objects.filter(ticket=ticket_id, position__gt=after).values(
        *_SHARED, "public_id", "via", "is_auto_reply", "is_held",
        kind=Case(When(is_from_client=True, then=Value(EntryKind.CLIENT.value)), default=Value(EntryKind.AGENT.value)),
        quoted=~Q(quoted_html=""),
        attached=_files(Attachment, message=OuterRef("pk")),
        sent_to=ArraySubquery(sent_to.values(person=known_as)),
    )  # fmt: skip
    return rows


def _team_messages(ticket_id: int, *, after: int) -> QuerySet[TeamMessage, Any]:
    """Return team messages in the columns of messages."""
    nobody = Value([], output_field=ArrayField(CharField()))
    rows: QuerySet[TeamMessage, Any] = TeamMessage.objects.filter(ticket=ticket_id, position__gt=after).values(
        *_SHARED, public_id=Value(""), via=Value(Via.WORKSPACE.value), is_auto_reply=_NO, is_held=_NO,
        kind=Value(EntryKind.TEAM.value), quoted=_NO, attached=_files(TeamAttachment, team_message=OuterRef("pk")),
        sent_to=nobody,
    )  # fmt: skip
    return rows


def _entry(row: Mapping[str, Any]) -> Entry:
    is_written_here = row["document"] is not None
    pictures = set(documents.pictures(row["document"])) if is_written_here else set()
    files = [AttachedFile.parse(file) for file in row["attached"]]
    return Entry(
        kind=EntryKind(row["kind"]),
        id=row["id"],
        public_id=row["public_id"],
        position=row["position"],
        author_id=row["author_id"],
        author=row["author__name"],
        author_key=row["author__email"],
        author_picture=row["author__picture_key"],
        at=row["created_at"],
        via=Via(row["via"]),
        html=html.trusted(row["html"]),
        has_quoted=row["quoted"],
        is_simple=is_written_here or html.is_simple(row["html"]),
        is_auto_reply=row["is_auto_reply"],
        is_held=row["is_held"],
        files=tuple(file for file in files if file.public_id not in pictures),
        recipients=tuple(row["sent_to"]),
    )


def _lines(events: Sequence[Happening], entries: Sequence[Entry]) -> list[Line]:
    """Return what stands between the entries: an author's own moves between open and pending go without saying."""
    written_at = {(entry.at, entry.author_id) for entry in entries}
    lines: list[Line] = []
    last: Happening | None = None
    for event in events:
        if event.kind not in _SHOWN or (_is_implied(event) and (event.at, event.actor_id) in written_at):
            continue
        is_same = last is not None and (event.actor_id, event.via) == (last.actor_id, last.via)
        if lines and last and is_same and event.at - last.at <= _TOGETHER and not _parted(entries, last.at, event.at):
            lines[-1] = replace(lines[-1], deeds=(*lines[-1].deeds, event.parts), at=event.at)
        else:
            lines.append(Line(event.id, event.icon, event.actor, (event.parts,), event.at))
        last = event
    return lines


def _is_implied(event: Happening) -> bool:
    kinds = {event.data.get("old_kind"), event.data.get("new_kind")}
    return event.kind == "ticket.status_changed" and Kind.CLOSED not in kinds


def _parted(entries: Sequence[Entry], since: datetime, until: datetime) -> bool:
    return any(since < entry.at <= until for entry in entries)


def _in_order(entries: Sequence[Entry], lines: Sequence[Line]) -> list[Entry | Line]:
    """Return both by time; entries keep their positions, and what came with an entry stands after it."""
    waiting = list(lines)
    items: list[Entry | Line] = []
    for entry in entries:
        while waiting and waiting[0].at < entry.at:
            items.append(waiting.pop(0))
        items.append(entry)
    return [*items, *waiting]
