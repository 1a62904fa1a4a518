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
    personal: ClassVar[frozenset[str]] = frozenset({"address"})


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(Fact):
    """A one-time link was used."""

    kind: ClassVar[str] = "sign_in_link.used"
    subject_kind: ClassVar[str] = "user"
    link_id: int
