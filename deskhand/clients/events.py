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
