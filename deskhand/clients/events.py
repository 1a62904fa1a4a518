"""Facts about clients and contacts."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class ClientCreated(Fact):
    """A company became a client."""

    kind: ClassVar[str] = "client.created"
    subject_kind: ClassVar[str] = "client"
    name: str


@dataclass(frozen=True, kw_only=True)
class ContactCreated(Fact):
    """A person outside became known."""

    kind: ClassVar[str] = "contact.created"
    subject_kind: ClassVar[str] = "contact"
    client_id: int | None


@dataclass(frozen=True, kw_only=True)
class ClientChanged(Fact):
    """A client's own properties changed: old and new value by field, as people read them."""

    kind: ClassVar[str] = "client.changed"
    subject_kind: ClassVar[str] = "client"
    changes: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class DomainsChanged(Fact):
    """Mail domains were given to a client or taken off."""

    kind: ClassVar[str] = "client.domains_changed"
    subject_kind: ClassVar[str] = "client"
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class ClientNoteEdited(Fact):
    """The note on a client was changed; its text is not in the event."""

    kind: ClassVar[str] = "client.note_edited"
    subject_kind: ClassVar[str] = "client"
    version: int


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Fact):
    """A contact's properties changed; the fields by name, not their values."""

    kind: ClassVar[str] = "contact.changed"
    subject_kind: ClassVar[str] = "contact"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactJoinedClient(Fact):
    """A contact who belonged to no client belongs to one from now on."""

    kind: ClassVar[str] = "contact.joined_client"
    subject_kind: ClassVar[str] = "contact"
    client_id: int
    client_name: str


@dataclass(frozen=True, kw_only=True)
class ColleagueInvited(Fact):
    """A contact, or staff, let a person who had been removed into the portal again."""

    kind: ClassVar[str] = "contact.invited"
    subject_kind: ClassVar[str] = "contact"
    client_id: int | None


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Fact):
    """A contact asked a person to join their client, for the first time or again."""

    kind: ClassVar[str] = "client.invitation_sent"
    subject_kind: ClassVar[str] = "client"
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Fact):
    """A contact took an invitation back before anybody joined by it."""

    kind: ClassVar[str] = "client.invitation_withdrawn"
    subject_kind: ClassVar[str] = "client"
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class ColleagueRemoved(Fact):
    """A person of the client cannot sign in any more; their tickets stay."""

    kind: ClassVar[str] = "contact.removed"
    subject_kind: ClassVar[str] = "contact"
    client_id: int | None


@dataclass(frozen=True, kw_only=True)
class HelpChanged(Fact):
    """The help of the portal changed: "added", "edited", "moved", "removed" or "reset", and which section by title."""

    kind: ClassVar[str] = "help.changed"
    subject_kind: ClassVar[str] = "help"
    what: str
    title: str


@dataclass(frozen=True, kw_only=True)
class AnnouncementChanged(Fact):
    """Something else is announced in the portal; empty for nothing."""

    kind: ClassVar[str] = "announcement.changed"
    subject_kind: ClassVar[str] = "announcement"
    text: str
