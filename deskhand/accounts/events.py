"""Facts about people and sign-in."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class UserCreated(Fact):
    """A person became known."""

    kind: ClassVar[str] = "user.created"
    subject_kind: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class AgentCreated(Fact):
    """A person began to work here."""

    kind: ClassVar[str] = "agent.created"
    subject_kind: ClassVar[str] = "user"
    role: str


@dataclass(frozen=True, kw_only=True)
class SignInLinkRequested(Fact):
    """Someone asked for a one-time link by mail; `link_id` names the row, never the token."""

    kind: ClassVar[str] = "sign_in_link.requested"
    subject_kind: ClassVar[str] = "user"
    link_id: int
    address: str
    inviter: str = ""
    """Who invites the person, by name; empty where they asked themselves."""
    personal: ClassVar[frozenset[str]] = frozenset({"address", "inviter"})


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(Fact):
    """A one-time link was used."""

    kind: ClassVar[str] = "sign_in_link.used"
    subject_kind: ClassVar[str] = "user"
    link_id: int


@dataclass(frozen=True, kw_only=True)
class UserChanged(Fact):
    """A person's own details changed, by themselves or by staff; the fields by name, not their values."""

    kind: ClassVar[str] = "user.changed"
    subject_kind: ClassVar[str] = "user"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Fact):
    """Mail to a person, and their sign-in, goes to another address from now on."""

    kind: ClassVar[str] = "user.address_changed"
    subject_kind: ClassVar[str] = "user"
    old: str
    new: str
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    """A person set a new password."""

    kind: ClassVar[str] = "user.password_changed"
    subject_kind: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Fact):
    """A person was signed out everywhere."""

    kind: ClassVar[str] = "user.sessions_ended"
    subject_kind: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class AgentRoleChanged(Fact):
    """An agent got another role; roles by name at that time."""

    kind: ClassVar[str] = "agent.role_changed"
    subject_kind: ClassVar[str] = "user"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class AgentDeactivated(Fact):
    """Someone stopped working here."""

    kind: ClassVar[str] = "agent.deactivated"
    subject_kind: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class AgentReactivated(Fact):
    """Someone works here again."""

    kind: ClassVar[str] = "agent.reactivated"
    subject_kind: ClassVar[str] = "user"


@dataclass(frozen=True, kw_only=True)
class TeamCreated(Fact):
    """A team was made."""

    kind: ClassVar[str] = "team.created"
    subject_kind: ClassVar[str] = "team"
    name: str


@dataclass(frozen=True, kw_only=True)
class TeamRenamed(Fact):
    """A team got another name."""

    kind: ClassVar[str] = "team.renamed"
    subject_kind: ClassVar[str] = "team"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class TeamMembersChanged(Fact):
    """Agents joined or left a team; by id and name at that time."""

    kind: ClassVar[str] = "team.members_changed"
    subject_kind: ClassVar[str] = "team"
    added_ids: list[int]
    removed_ids: list[int]
    added_names: list[str]
    removed_names: list[str]


@dataclass(frozen=True, kw_only=True)
class DeskChanged(Fact):
    """What the desk is called, how it is reached or what it looks like changed: old and new value by field."""

    kind: ClassVar[str] = "desk.changed"
    subject_kind: ClassVar[str] = "desk"
    changes: dict[str, list[str]]
