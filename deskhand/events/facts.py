"""The words every action speaks: Act (who, when, through which door) and Fact (what happened)."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class Via(StrEnum):
    """The door through which something was done."""

    WORKSPACE = "workspace"
    PORTAL = "portal"
    MAIL = "mail"
    FORM = "form"
    API = "api"
    AUTOMATION = "automation"
    SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: a user, known here by its id alone."""

    @property
    def pk(self) -> Any:
        """The user's id."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who acts (None for the desk itself), when (aware UTC), and through which door."""

    actor: Actor | None
    at: datetime
    via: Via

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("Act.at must be an aware datetime")

    @property
    def actor_id(self) -> int | None:
        """The id of the acting user, None when the desk itself acts."""
        return None if self.actor is None else int(self.actor.pk)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened, in the past tense. Subclasses add JSON-able fields; those become `Event.data`."""

    kind: ClassVar[str]
    subject_kind: ClassVar[str]
    client_visible: ClassVar[bool] = False
    """Whether a client may learn that this happened (history sentences, live hints, client webhooks)."""
    personal: ClassVar[frozenset[str]] = frozenset()
    """Keys of `data` that hold personal data, erased when a person is erased."""

    subject_id: int

    @property
    def shows_to_clients(self) -> bool:
        """Whether a client may learn of this very one; a fact that only sometimes shows says so here."""
        return self.client_visible

    def data(self) -> dict[str, Any]:
        """Return the fields beside the subject, as they are stored in `Event.data`."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject_id"}
