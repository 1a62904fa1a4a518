"""Facts about tickets."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class TicketFact(Fact):
    """Something happened to a ticket; the subject is the ticket."""

    kind: ClassVar[str] = "ticket"
    subject_kind: ClassVar[str] = "ticket"


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketFact):
    """A ticket began, with its first message."""

    kind: ClassVar[str] = "ticket.opened"
    client_visible: ClassVar[bool] = True
    message_id: int
    source: str
    category_id: int | None = None
    is_from_client: bool = False
    """Whether the requester, or a colleague for them, wrote the first message."""
    is_for_colleague: bool = False
    """Whether a contact opened it for another, who learns of it by mail."""


@dataclass(frozen=True, kw_only=True)
class TicketOpenedForTeam(TicketFact):
    """A ticket began with a team message: clients learn of it with the first message to them, if there ever is one."""

    kind: ClassVar[str] = "ticket.opened_for_team"
    team_message_id: int


@dataclass(frozen=True, kw_only=True)
class MessagePosted(TicketFact):
    """A message that clients can read was written, the first one included."""

    kind: ClassVar[str] = "ticket.message_posted"
    client_visible: ClassVar[bool] = True
    message_id: int
    is_from_client: bool
    is_auto_reply: bool
    is_opening: bool = False
    """Whether the ticket was opened with it."""


@dataclass(frozen=True, kw_only=True)
class MessageHeld(TicketFact):
    """A message came from someone not on this ticket and waits for an agent."""

    kind: ClassVar[str] = "ticket.message_held"
    message_id: int


@dataclass(frozen=True, kw_only=True)
class MessageAccepted(TicketFact):
    """An agent let a held message in."""

    kind: ClassVar[str] = "ticket.message_accepted"
    client_visible: ClassVar[bool] = True
    message_id: int


@dataclass(frozen=True, kw_only=True)
class HeldMessageDeleted(TicketFact):
    """An agent deleted a held message instead of letting it in; the author by name at that time."""

    kind: ClassVar[str] = "ticket.held_message_deleted"
    personal: ClassVar[frozenset[str]] = frozenset({"author_name"})
    message_id: int
    author_name: str


@dataclass(frozen=True, kw_only=True)
class TeamMessagePosted(TicketFact):
    """A staff-only entry was written."""

    kind: ClassVar[str] = "ticket.team_message_posted"
    team_message_id: int
    mentioned_agent_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class NoteEdited(TicketFact):
    """The note was changed; its text is not in the event."""

    kind: ClassVar[str] = "ticket.note_edited"
    version: int


@dataclass(frozen=True, kw_only=True)
class FilesAttached(TicketFact):
    """Files were attached to the ticket itself."""

    kind: ClassVar[str] = "ticket.files_attached"
    client_visible: ClassVar[bool] = True
    file_ids: list[int]
    names: list[str]


@dataclass(frozen=True, kw_only=True)
class StatusChanged(TicketFact):
    """The status changed. Old and new are labels at that time; a client only ever learns of the kinds."""

    kind: ClassVar[str] = "ticket.status_changed"
    client_visible: ClassVar[bool] = True
    old_kind: str
    new_kind: str
    old_name: str
    new_name: str

    @property
    def shows_to_clients(self) -> bool:
        """Whether what clients see changed: Open, Closed or the flag. Snoozing an open ticket does not."""
        return _as_clients_see(self.old_kind) != _as_clients_see(self.new_kind)


def _as_clients_see(kind: str) -> str:
    return kind if kind in {"closed", "pending"} else "open"


@dataclass(frozen=True, kw_only=True)
class AssigneesChanged(TicketFact):
    """Who is responsible changed; agents by id and name at that time."""

    kind: ClassVar[str] = "ticket.assignees_changed"
    client_visible: ClassVar[bool] = True
    added_ids: list[int]
    removed_ids: list[int]
    added_names: list[str]
    removed_names: list[str]


@dataclass(frozen=True, kw_only=True)
class TeamChanged(TicketFact):
    """The team changed."""

    kind: ClassVar[str] = "ticket.team_changed"
    old_name: str
    new_name: str


@dataclass(frozen=True, kw_only=True)
class PropertyChanged(TicketFact):
    """A simple property changed: priority, category, subject, needed_by, due; values as people read them."""

    kind: ClassVar[str] = "ticket.property_changed"
    name: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class TagsChanged(TicketFact):
    """Tags were added or taken off."""

    kind: ClassVar[str] = "ticket.tags_changed"
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class TicketFollowed(TicketFact):
    """An agent began to follow."""

    kind: ClassVar[str] = "ticket.followed"
    agent_id: int
    agent_name: str


@dataclass(frozen=True, kw_only=True)
class TicketUnfollowed(TicketFact):
    """An agent stopped following."""

    kind: ClassVar[str] = "ticket.unfollowed"
    agent_id: int
    agent_name: str


@dataclass(frozen=True, kw_only=True)
class RequesterChanged(TicketFact):
    """A ticket no client could read yet was given to the contact who asked."""

    kind: ClassVar[str] = "ticket.requester_changed"
    old_name: str
    new_name: str
    personal: ClassVar[frozenset[str]] = frozenset({"old_name", "new_name"})


@dataclass(frozen=True, kw_only=True)
class ParticipantAdded(TicketFact):
    """A contact was brought into the conversation."""

    kind: ClassVar[str] = "ticket.participant_added"
    client_visible: ClassVar[bool] = True
    contact_id: int
    contact_name: str
    personal: ClassVar[frozenset[str]] = frozenset({"contact_name"})


@dataclass(frozen=True, kw_only=True)
class ContactUnfollowed(TicketFact):
    """A contact wants no mail about the ticket any more."""

    kind: ClassVar[str] = "ticket.contact_unfollowed"
    contact_id: int
    contact_name: str
    personal: ClassVar[frozenset[str]] = frozenset({"contact_name"})


@dataclass(frozen=True, kw_only=True)
class ContactFollowed(TicketFact):
    """A contact who had unfollowed the ticket gets mail about it again."""

    kind: ClassVar[str] = "ticket.contact_followed"
    contact_id: int
    contact_name: str
    personal: ClassVar[frozenset[str]] = frozenset({"contact_name"})


@dataclass(frozen=True, kw_only=True)
class TicketChased(TicketFact):
    """A client asked for an update."""

    kind: ClassVar[str] = "ticket.chased"
    client_visible: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class TicketRated(TicketFact):
    """A client said how the ticket was solved, or changed it; `verdict` is "good" or "bad"."""

    kind: ClassVar[str] = "ticket.rated"
    verdict: str
    comment: str
    personal: ClassVar[frozenset[str]] = frozenset({"comment"})


@dataclass(frozen=True, kw_only=True)
class StatusAdded(Fact):
    """A status was added."""

    kind: ClassVar[str] = "status.added"
    subject_kind: ClassVar[str] = "status"
    name: str


@dataclass(frozen=True, kw_only=True)
class StatusEdited(Fact):
    """A status got another name or color."""

    kind: ClassVar[str] = "status.edited"
    subject_kind: ClassVar[str] = "status"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class StatusMoved(Fact):
    """A status moved one place among those of its kind."""

    kind: ClassVar[str] = "status.moved"
    subject_kind: ClassVar[str] = "status"
    name: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class StatusRemoved(Fact):
    """A status was removed; its tickets have another one of the same kind since."""

    kind: ClassVar[str] = "status.removed"
    subject_kind: ClassVar[str] = "status"
    name: str
    moved_to: str
    ticket_count: int


@dataclass(frozen=True, kw_only=True)
class CategoryAdded(Fact):
    """A category was added."""

    kind: ClassVar[str] = "category.added"
    subject_kind: ClassVar[str] = "category"
    name: str


@dataclass(frozen=True, kw_only=True)
class CategoryEdited(Fact):
    """A category got another name or explanation, or is offered or not from now on."""

    kind: ClassVar[str] = "category.edited"
    subject_kind: ClassVar[str] = "category"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class CategoryMoved(Fact):
    """A category moved one place in the list."""

    kind: ClassVar[str] = "category.moved"
    subject_kind: ClassVar[str] = "category"
    name: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class TagRenamed(Fact):
    """A tag got another name on all its tickets."""

    kind: ClassVar[str] = "tag.renamed"
    subject_kind: ClassVar[str] = "tag"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class TagRemoved(Fact):
    """A tag was taken off its tickets and removed."""

    kind: ClassVar[str] = "tag.removed"
    subject_kind: ClassVar[str] = "tag"
    name: str
    ticket_count: int


@dataclass(frozen=True, kw_only=True)
class TicketSettingsChanged(Fact):
    """Settings → Tickets changed: old and new value by field."""

    kind: ClassVar[str] = "ticket_settings.changed"
    subject_kind: ClassVar[str] = "ticket_settings"
    changes: dict[str, list[str | int]]
