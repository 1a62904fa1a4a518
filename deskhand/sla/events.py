"""Facts about promises. Those about a ticket have the ticket as their subject; no client ever sees them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from deskhand.events import Fact


class Why(StrEnum):
    """Why terms were applied to a ticket."""

    OPENED = "opened"
    CHANGED = "changed"
    """Its category or priority fits another policy."""
    REOPENED = "reopened"
    RECALCULATED = "recalculated"


@dataclass(frozen=True, kw_only=True)
class TicketPromiseFact(Fact):
    """Something happened to what a ticket is promised."""

    kind: ClassVar[str] = "sla"
    subject_kind: ClassVar[str] = "ticket"


@dataclass(frozen=True, kw_only=True)
class PolicyApplied(TicketPromiseFact):
    """From now on these versions of policy and hours hold; what a ticket's clocks are rebuilt from."""

    kind: ClassVar[str] = "sla.policy_applied"
    policy_version_id: int
    hours_version_id: int
    policy_name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ClockWarned(TicketPromiseFact):
    """A promise comes near, and nothing was done about it yet. Recorded once, and again only after it was put off."""

    kind: ClassVar[str] = "sla.clock_warned"
    clock_id: int
    metric: str
    due_at: str
    """ISO 8601 in UTC."""


@dataclass(frozen=True, kw_only=True)
class ClockBreached(TicketPromiseFact):
    """A promise was not kept. Recorded once, also where the answer came late."""

    kind: ClassVar[str] = "sla.clock_breached"
    clock_id: int
    metric: str
    due_at: str
    """ISO 8601 in UTC."""


@dataclass(frozen=True, kw_only=True)
class OnCallAlerted(TicketPromiseFact):
    """The on-call agents are to be told of a business critical ticket: the first time, or again."""

    kind: ClassVar[str] = "sla.on_call_alerted"
    alert_id: int
    agent_ids: list[int]
    count: int
    """1 the first time."""


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(TicketPromiseFact):
    """Someone took the ticket on, or it came to rest: no more alerts."""

    kind: ClassVar[str] = "sla.alert_acknowledged"
    alert_id: int


@dataclass(frozen=True, kw_only=True)
class HoursChanged(Fact):
    """Business hours or their holidays changed; `recalculation_id` counts open tickets anew."""

    kind: ClassVar[str] = "sla.hours_changed"
    subject_kind: ClassVar[str] = "business_hours"
    name: str
    reason: str
    version: int
    recalculation_id: int


@dataclass(frozen=True, kw_only=True)
class HoursRemoved(Fact):
    """Business hours that no policy counts in were put away."""

    kind: ClassVar[str] = "sla.hours_removed"
    subject_kind: ClassVar[str] = "business_hours"
    name: str


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact):
    """A policy was made, changed or archived; with `recalculation_id`, open tickets are matched anew."""

    kind: ClassVar[str] = "sla.policy_changed"
    subject_kind: ClassVar[str] = "policy"
    name: str
    reason: str
    version: int
    recalculation_id: int | None


@dataclass(frozen=True, kw_only=True)
class OnCallChanged(Fact):
    """The list of agents on call changed."""

    kind: ClassVar[str] = "sla.on_call_changed"
    subject_kind: ClassVar[str] = "on_call"
    added_names: list[str]
    removed_names: list[str]
    repeat_minutes: int
