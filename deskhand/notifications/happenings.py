"""Something that happened, as a job is told of it: by ids and figures alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from deskhand.events import Act
from deskhand.notifications.topics import Topic


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What agents may be told of. It is about a ticket or a plan; `about_id` says what in it (models.Notification)."""

    topic: Topic
    at: datetime
    actor_id: int | None = None
    ticket_id: int | None = None
    plan_id: int | None = None
    about_id: int = 0
    agent_ids: tuple[int, ...] = ()
    """Whom it concerns, where the fact itself says so."""
    figures: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_ticket(cls, topic: Topic, ticket_id: int, act: Act, **more: Any) -> Self:
        """Return what happened to a ticket by this act."""
        return cls(topic=topic, ticket_id=ticket_id, actor_id=act.actor_id, at=act.at, **more)

    def as_arguments(self) -> dict[str, Any]:
        """Return it as the arguments of a job."""
        return {
            "topic": self.topic.value,
            "at": self.at.isoformat(),
            "actor_id": self.actor_id,
            "ticket_id": self.ticket_id,
            "plan_id": self.plan_id,
            "about_id": self.about_id,
            "agent_ids": list(self.agent_ids),
            "figures": dict(self.figures),
        }

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Self:
        """Return what `as_arguments` wrote."""
        given = dict(arguments)
        topic, at = Topic(given.pop("topic")), datetime.fromisoformat(given.pop("at"))
        return cls(topic=topic, at=at, agent_ids=tuple(given.pop("agent_ids")), **given)
