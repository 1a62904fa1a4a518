"""A ticket as its page shows it to staff, beside the thread: head, properties, people, note, client, choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from deskhand.accounts.models import Agent, Team
from deskhand.accounts.roles import Permission
from deskhand.core.built import built_once
from deskhand.core.names import without_address
from deskhand.tickets.models import (
    Assignment,
    Attachment,
    Audience,
    Category,
    Draft,
    Follow,
    Kind,
    Participant,
    Priority,
    ReadMarker,
    Source,
    Status,
    Tag,
    Ticket,
    TicketSettings,
)
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.models.team import Mention, TicketNote
from deskhand.tickets.queries.asides import Said, last_rating, said_of, unheard_chase
from deskhand.tickets.queries.attached import AttachedFile, attached_fields
from deskhand.tickets.queries.besides import NOTHING, Beside, Besides
from deskhand.tickets.queries.inbox import Cursor, Face

RECENT = 5


@dataclass(frozen=True)
class Colleague(Face):
    """An agent as the ticket names them."""

    id: int


@dataclass(frozen=True)
class Person:
    """The requester. `email` and `phone` are empty for roles that may not know them."""

    contact_id: int
    name: str
    key: str
    picture: str
    title: str
    email: str
    phone: str
    time_zone: str


@dataclass(frozen=True)
class Note:
    """The note; version 0 where there is none yet."""

    text: str = ""
    version: int = 0
    edited_by: str = ""
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Reader:
    """How far a contact read the thread in the portal."""

    name: str
    position: int


@dataclass(frozen=True)
class Unsent:
    """The agent's draft for one audience; revision 0 where there never was one."""

    fields: dict[str, Any]
    revision: int


@dataclass(frozen=True)
class RecentTicket:
    """Another ticket of the same client, or of the same person where there is no client."""

    number: int
    subject: str
    kind: Kind


@dataclass(frozen=True)
class TicketPage:
    """Everything beside the thread."""

    id: int
    number: int
    subject: str
    kind: Kind
    status_id: int
    status: str
    status_hue: str
    priority: Priority
    category: str
    category_id: int | None
    source: Source
    team: str
    team_id: int | None
    site: str
    needed_by_on: date | None
    due_on: date | None
    opened_at: datetime
    chased_at: datetime | None
    """When a client last asked for an update; none once staff answered."""
    rating: Said | None
    call_back_phone: str
    """Where to call about a business critical ticket; empty for roles that may not know."""
    entry_count: int
    cursor: Cursor
    client_id: int | None
    client_name: str
    client_public_id: str
    account_manager: str
    requester: Person
    participants: tuple[Face, ...]
    assignees: tuple[Colleague, ...]
    followers: tuple[Colleague, ...]
    tags: tuple[str, ...]
    note: Note
    readers: tuple[Reader, ...]
    read_to: int
    has_unseen_mention: bool
    drafts: dict[Audience, Unsent]
    after_reply: AfterReply
    loose_files: tuple[AttachedFile, ...]
    """Attached to the ticket itself, not to a message."""
    recent: tuple[RecentTicket, ...]
    besides: Mapping[str, Any]
    """What the caller wanted to know as well, by the caller's names."""

    @property
    def is_closed(self) -> bool:
        """Whether clients see it as Closed."""
        return self.kind == Kind.CLOSED

    def draft(self, audience: Audience) -> Unsent:
        """Return the agent's draft for an audience."""
        return self.drafts.get(audience, Unsent({}, 0))

    def seen_by(self, position: int) -> str:
        """Return who of the client read the entry at `position` in the portal, as a line; empty for nobody."""
        names = [reader.name for reader in self.readers if reader.position >= position]
        return f"Seen in the portal by {', '.join(names)}" if names else ""

    def is_followed_by(self, agent: Agent) -> bool:
        """Whether the agent is kept informed."""
        return any(colleague.id == agent.pk for colleague in self.followers)


def ticket_page(agent: Agent, number: int, besides: Mapping[str, Beside] = NOTHING) -> TicketPage | None:
    """Return a ticket for its page, None unless this agent may see it. One query.

    `besides`: what apps above tickets tell of it, see `TicketPage.besides`.
    """
    for row in _pages(agent, number, tuple(besides.items())):
        return _page(row, agent, {name: getattr(row, name) for name in besides})
    return None


@built_once
def _pages(agent: Agent, number: int, besides: Besides) -> QuerySet[Ticket]:
    tickets = Ticket.objects.visible_to(agent).filter(number=number)
    return _with_surroundings(tickets, agent).annotate(**{name: beside(agent) for name, beside in besides})


def _people(rows: QuerySet[Any], **fields: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by("id").values(person=JSONObject(**fields)))


def _face(person: str) -> dict[str, str]:
    return {
        "name": f"{person}__user__name",
        "key": f"{person}__user__email",
        "picture": f"{person}__user__picture_key",
    }


def _with_surroundings(tickets: QuerySet[Ticket], agent: Agent) -> QuerySet[Ticket]:
    here = OuterRef("pk")
    colleague = {"id": "agent_id", **_face("agent")}
    # Who works here may be a contact as well, and reads in the workspace.
    readers = ReadMarker.objects.filter(ticket=here, user__contact__isnull=False, user__agent=None)
    note = TicketNote.objects.filter(ticket=here)
    return tickets.select_related(
        "status", "category", "team", "client__account_manager__user", "requester__user"
    ).annotate(
        assigned=_people(Assignment.objects.filter(ticket=here), **colleague),
        following=_people(Follow.objects.filter(ticket=here), **colleague),
        kept_in=_people(Participant.objects.filter(ticket=here), **_face("contact")),
        tag_names=ArraySubquery(Tag.objects.filter(tickets=here).order_by("name").values("name")),
        readers=_people(readers, name="user__name", position="position"),
        noted=Subquery(
            note.values(fields=JSONObject(
                text="text", version="version", edited_by="updated_by__name", edited_at="updated_at"))
        ),
        unsent=_people(
            Draft.objects.filter(ticket=here, author=agent.user),
            audience="audience", content="content", revision="revision"),
        read_to=Subquery(ReadMarker.objects.filter(user=agent.user, ticket=here).values("position")[:1]),
        unseen_mention=Subquery(
            Mention.objects.filter(agent=agent, seen_at=None, team_message__ticket=here).values("pk")[:1]),
        unheard=unheard_chase(),
        rated=last_rating(),
        loose=_loose_files(),
        recent=_newest(agent, client=OuterRef("client")),
        recent_of_person=_newest(agent, client=None, requester=OuterRef("requester")),
        after_reply=Subquery(TicketSettings.objects.filter(pk=1).values("after_reply")),
    )  # fmt: skip


def _loose_files() -> ArraySubquery:
    attached = Attachment.objects.filter(ticket=OuterRef("pk"), message=None).order_by("id")
    return ArraySubquery(attached.values(fields=JSONObject(**attached_fields())))


def _recent(row: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = row.recent if row.client_id else row.recent_of_person
    return found


def _newest(agent: Agent, **same: Any) -> ArraySubquery:
    """Return up to five other tickets, newest first, of those this agent may see: each a range of an index."""
    others = Ticket.objects.visible_to(agent).filter(**same).exclude(pk=OuterRef("pk")).order_by("-queue_at", "-id")
    return ArraySubquery(others.values(fields=JSONObject(number="number", subject="subject", kind="kind"))[:RECENT])


def _page(row: Any, agent: Agent, besides: Mapping[str, Any]) -> TicketPage:
    client = row.client
    manager = client.account_manager if client else None
    return TicketPage(
        id=row.pk,
        number=row.number,
        subject=row.subject,
        kind=Kind(row.kind),
        status_id=row.status_id,
        status=row.status.name,
        status_hue=row.status.hue,
        priority=Priority(row.priority),
        category=row.category.name if row.category else "",
        category_id=row.category_id,
        source=Source(row.source),
        team=row.team.name if row.team else "",
        team_id=row.team_id,
        site=row.site,
        needed_by_on=row.needed_by_on,
        due_on=row.due_on,
        opened_at=row.opened_at,
        chased_at=row.unheard,
        rating=said_of(row.rated, agent),
        call_back_phone=row.call_back_phone if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else "",
        entry_count=row.entry_count,
        cursor=Cursor(row.turn, row.queue_at, row.pk),
        client_id=row.client_id,
        client_name=client.name if client else "",
        client_public_id=client.public_id if client else "",
        account_manager=manager.name if manager else "",
        requester=_requester(row, agent),
        participants=_participants(row.kept_in, agent),
        assignees=tuple(Colleague(**person) for person in row.assigned),
        followers=tuple(Colleague(**person) for person in row.following),
        tags=tuple(row.tag_names),
        note=_note(row.noted),
        readers=_readers(row.readers, agent),
        read_to=row.read_to or 0,
        has_unseen_mention=row.unseen_mention is not None,
        drafts={Audience(draft["audience"]): Unsent(draft["content"], draft["revision"]) for draft in row.unsent},
        after_reply=AfterReply(row.after_reply or AfterReply.AWAIT_CLIENT),
        loose_files=tuple(AttachedFile.parse(file) for file in row.loose),
        recent=tuple(RecentTicket(other["number"], other["subject"], Kind(other["kind"])) for other in _recent(row)),
        besides=besides,
    )


def _requester(row: Any, agent: Agent) -> Person:
    contact = row.requester
    may_know = agent.may(Permission.CLIENTS_CONTACT_DETAILS)
    return Person(
        contact_id=contact.pk,
        name=_known_as(contact.name, agent),
        key=contact.email,
        picture=contact.user.picture_key,
        title=contact.title,
        email=contact.email if may_know else "",
        phone=(contact.phone or (row.client.phone if row.client else "")) if may_know else "",
        time_zone=row.client.time_zone if row.client else "",
    )


def _participants(rows: list[dict[str, str]], agent: Agent) -> tuple[Face, ...]:
    return tuple(Face(_known_as(person["name"], agent), person["key"], person["picture"]) for person in rows)


def _readers(rows: list[dict[str, Any]], agent: Agent) -> tuple[Reader, ...]:
    return tuple(Reader(_known_as(reader["name"], agent), reader["position"]) for reader in rows)


def _known_as(name: str, agent: Agent) -> str:
    return name if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else without_address(name)


def _note(fields: dict[str, Any] | None) -> Note:
    if fields is None:
        return Note()
    return Note(**fields | {"edited_at": datetime.fromisoformat(fields["edited_at"])})


@dataclass(frozen=True)
class Choice:
    """Something a property can be set to. `detail` is a status's hue, an agent's address."""

    id: int
    name: str
    detail: str

    @property
    def hue(self) -> str:
        """A status's color."""
        return self.detail


@dataclass(frozen=True)
class Choices:
    """What the properties of a ticket can be set to."""

    statuses: tuple[Choice, ...]
    agents: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    tags: tuple[Choice, ...]


def choices() -> Choices:
    """Return what the menus offer. Snoozed is not among the statuses: that needs a time. One query."""
    found: dict[str, list[tuple[int, str, Choice]]] = {}
    for what, position, pk, name, detail in _offered():
        found.setdefault(what, []).append((position, name.lower(), Choice(pk, name, detail)))
    sorted_ = {
        what: tuple(choice for *_, choice in sorted(items, key=lambda item: item[:2])) for what, items in found.items()
    }
    lists = {what: sorted_.get(what, ()) for what in ("statuses", "agents", "teams", "categories", "tags")}
    return Choices(**lists)


@built_once
def _offered() -> QuerySet[Any, Any]:
    # One after the other in order of position or name; the names of the lists say which is which.
    parts = [
        _choice("statuses", Status.objects.exclude(kind=Kind.SNOOZED), "position", "name", "hue"),
        _choice("agents", Agent.objects.filter(user__is_active=True), None, "user__name", "user__email"),
        _choice("teams", Team.objects.all(), None, "name", None),
        _choice("categories", Category.objects.all(), "position", "name", None),
        _choice("tags", Tag.objects.all(), None, "name", None),
    ]
    return parts[0].union(*parts[1:], all=True)


def _choice(what: str, rows: QuerySet[Any], position: str | None, name: str, detail: str | None) -> QuerySet[Any, Any]:
    text = CharField()
    return rows.order_by().values_list(
        Value(what, output_field=text),
        Value(0) if position is None else position,
        "pk",
        Cast(name, text),
        Value("", output_field=text) if detail is None else Cast(detail, text),
    )
