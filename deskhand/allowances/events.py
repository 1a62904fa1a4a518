"""Facts about allowances. Those about work on a ticket have the ticket as their subject."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class PlanFact(Fact):
    """Something happened to a plan."""

    kind: ClassVar[str] = "plan"
    subject_kind: ClassVar[str] = "plan"


@dataclass(frozen=True, kw_only=True)
class PlanStarted(PlanFact):
    """A client got a plan."""

    kind: ClassVar[str] = "plan.started"
    client_id: int
    minutes_per_month: int


@dataclass(frozen=True, kw_only=True)
class PlanEnded(PlanFact):
    """A plan ends on a date."""

    kind: ClassVar[str] = "plan.ended"
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class AllowanceAdjusted(PlanFact):
    """Minutes were given or taken by hand."""

    kind: ClassVar[str] = "allowance.adjusted"
    minutes: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class AllowanceToppedUp(PlanFact):
    """A block of minutes was bought."""

    kind: ClassVar[str] = "allowance.topped_up"
    minutes: int
    expires_on: str


@dataclass(frozen=True, kw_only=True)
class AllowanceRunningOut(PlanFact):
    """Thresholds of a month were crossed; several at once are one fact."""

    kind: ClassVar[str] = "allowance.running_out"
    month: str
    percents: list[int]
    used_minutes: int
    allowance_minutes: int


@dataclass(frozen=True, kw_only=True)
class MonthLocked(PlanFact):
    """A month became final."""

    kind: ClassVar[str] = "allowance.month_locked"
    month: str


@dataclass(frozen=True, kw_only=True)
class MonthReopened(PlanFact):
    """An admin opened a final month again."""

    kind: ClassVar[str] = "allowance.month_reopened"
    month: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AllowanceSettingsChanged(Fact):
    """Settings → Allowances changed: old and new value by field."""

    kind: ClassVar[str] = "allowance_settings.changed"
    subject_kind: ClassVar[str] = "allowance_settings"
    changes: dict[str, list[str | int]]


@dataclass(frozen=True, kw_only=True)
class TimeFact(Fact):
    """Something happened to work logged on a ticket."""

    kind: ClassVar[str] = "time"
    subject_kind: ClassVar[str] = "ticket"
    time_entry_id: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TimeLogged(TimeFact):
    """Work was logged."""

    kind: ClassVar[str] = "time.logged"


@dataclass(frozen=True, kw_only=True)
class TimeCorrected(TimeFact):
    """Logged work was corrected; `minutes` are the new charged ones."""

    kind: ClassVar[str] = "time.corrected"
    old_minutes: int


@dataclass(frozen=True, kw_only=True)
class TimeDeleted(TimeFact):
    """Logged work was taken back."""

    kind: ClassVar[str] = "time.deleted"


@dataclass(frozen=True, kw_only=True)
class EstimateFact(Fact):
    """Something happened to an estimate; the subject is the ticket, and clients see it."""

    kind: ClassVar[str] = "estimate"
    subject_kind: ClassVar[str] = "ticket"
    client_visible: ClassVar[bool] = True
    estimate_id: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class EstimateAsked(EstimateFact):
    """The client is asked to approve extra work."""

    kind: ClassVar[str] = "estimate.asked"


@dataclass(frozen=True, kw_only=True)
class EstimateDecided(EstimateFact):
    """The client approved or declined."""

    kind: ClassVar[str] = "estimate.decided"
    decision: str


@dataclass(frozen=True, kw_only=True)
class EstimateWithdrawn(EstimateFact):
    """Staff took the question back."""

    kind: ClassVar[str] = "estimate.withdrawn"
