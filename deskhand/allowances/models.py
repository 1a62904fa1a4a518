"""Plans, the append-only ledger, time entries, locks, alerts and estimates."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from deskhand.accounts.models import User, new_public_id
from deskhand.allowances.ledger import Rollover, Terms
from deskhand.clients.models import Client, Contact
from deskhand.tickets.models import Category, Ticket


class Overage(models.TextChoices):
    """What happens to work that no minutes are left for."""

    ALLOWED = "allowed", "Allowed, shown as over"
    NEEDS_APPROVAL = "needs_approval", "Needs the client's approval"
    STOP = "stop", "Not possible"


class PlanQuerySet(models.QuerySet["Plan"]):
    """Chainable filters over plans."""

    def of(self, client: Client | int) -> Self:
        """Keep a client's plans, oldest first."""
        return self.filter(client=client).order_by("starts_on", "id")

    def running(self, client_id: int, on: date) -> Self:
        """Keep a client's plans that run on a date, oldest first."""
        return self.of(client_id).filter(starts_on__lte=on).exclude(ends_on__lt=on)

    def paying_for(self, ticket: Ticket, on: date) -> "Plan | None":
        """Return the plan that work of a day is charged to: the nearest to the ticket's site, of several the oldest."""
        if ticket.client_id is None:
            return None
        return min(self.running(ticket.client_id, on), key=lambda plan: plan.distance_to(ticket.site), default=None)


class Plan(models.Model):
    """Minutes granted to a client, or to one of its sites, each calendar month."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="plans")
    name = models.CharField(max_length=80, default="Maintenance")
    site = models.CharField(max_length=253, blank=True)
    minutes_per_month = models.PositiveIntegerField()
    is_unlimited = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    rollover = models.CharField(
        max_length=8, choices=[(rule.value, rule.value) for rule in Rollover], default=Rollover.NONE
    )
    cap_minutes = models.PositiveIntegerField(default=0)
    expires_after_months = models.PositiveSmallIntegerField(default=0)
    overage = models.CharField(max_length=14, choices=Overage.choices, default=Overage.ALLOWED)
    created_at = models.DateTimeField()

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="plan_ends"),
            models.CheckConstraint(condition=Q(rollover__in=list(Rollover)), name="plan_rollover_known"),
            models.CheckConstraint(condition=Q(overage__in=Overage.values), name="plan_overage_known"),
            models.CheckConstraint(
                condition=~Q(rollover=Rollover.CAPPED) | Q(cap_minutes__gt=0), name="plan_cap_given"
            ),
            models.CheckConstraint(
                condition=~Q(rollover=Rollover.EXPIRING) | Q(expires_after_months__gt=0), name="plan_expiry_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.client_id}"

    def runs_on(self, day: date) -> bool:
        """Whether the day lies within the plan."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def distance_to(self, site: str) -> int:
        """Return how far it is from a site: 0 where it is for this very one, 1 for all sites, 2 for another."""
        if self.site and self.site.lower() == site.lower():
            return 0
        return 2 if self.site else 1

    @property
    def terms(self) -> Terms:
        """The terms for the arithmetic."""
        return Terms(
            minutes_per_month=self.minutes_per_month,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            rollover=Rollover(self.rollover),
            cap_minutes=self.cap_minutes,
            expires_after_months=self.expires_after_months,
        )


class TimeEntry(models.Model):
    """Work logged on a ticket. Corrections change this row and add to the ledger; the ledger itself never changes."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="time_entries")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="time_entries")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    work_on = models.DateField()
    actual_minutes = models.PositiveIntegerField()
    charged_minutes = models.PositiveIntegerField()
    """After rounding and minimum; 0 where the category never consumes."""
    description = models.CharField(max_length=500)
    charge_note = models.CharField(max_length=300, blank=True)
    """Why the charged minutes differ from what the rules make of the actual ones."""
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    submission_key = models.CharField(max_length=40, null=True)  # noqa: DJ001 (NULLs do not collide)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(actual_minutes__gt=0), name="time_entry_some_minutes"),
            models.CheckConstraint(condition=~Q(description=""), name="time_entry_described"),
            models.UniqueConstraint(fields=["author", "submission_key"], name="time_entry_submission_once"),
        ]
        indexes = [
            models.Index(fields=["ticket"], condition=Q(deleted_at=None), name="time_entry_ticket"),
            models.Index(fields=["plan", "work_on"], condition=Q(deleted_at=None), name="time_entry_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.charged_minutes} minutes on {self.ticket_id}"


class EntryKind(models.TextChoices):
    """What an entry of the ledger is."""

    GRANT = "grant"
    USE = "use"
    ADJUSTMENT = "adjustment"
    TOP_UP = "top_up"
    EXPIRY = "expiry"
    OVERAGE = "overage"
    ROLLOVER_OUT = "rollover_out"
    ROLLOVER_IN = "rollover_in"


class Entry(models.Model):
    """One plus or minus of a plan, in minutes. A trigger refuses update and delete.

    Expiry, overage and rollover are written when a month locks; until then they are computed.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    minutes = models.IntegerField()
    on = models.DateField()
    expires_on = models.DateField(null=True)
    """Of a top-up alone."""
    time_entry = models.ForeignKey(TimeEntry, models.PROTECT, null=True, related_name="entries")
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=~Q(minutes=0), name="entry_not_zero"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.ADJUSTMENT) | ~Q(reason=""), name="entry_adjustment_has_reason"
            ),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.USE) & Q(time_entry__isnull=False))
                | (~Q(kind=EntryKind.USE) & Q(time_entry__isnull=True)),
                name="entry_use_of_time",
            ),
            models.UniqueConstraint(
                fields=["plan", "on"], condition=Q(kind=EntryKind.GRANT), name="entry_granted_once"
            ),
        ]
        indexes = [models.Index(fields=["plan", "on"], name="entry_plan_on")]

    def __str__(self) -> str:
        return f"{self.kind} {self.minutes:+} of plan {self.plan_id}"


REOPENED_FOR = timedelta(days=1)


class MonthLockQuerySet(models.QuerySet["MonthLock"]):
    """Chainable filters over locks."""

    def final(self) -> Self:
        """Keep those of months that cannot be changed."""
        return self.filter(reopened_at=None)

    def kept(self, at: datetime) -> Self:
        """Keep those of months that are not to be locked at this moment: final ones, and ones just reopened."""
        return self.filter(Q(reopened_at=None) | Q(reopened_at__gt=at - REOPENED_FOR))


class MonthLock(models.Model):
    """A month of a plan is final, unless an admin reopened it; then it locks once more a day later."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="locks")
    month = models.DateField()
    locked_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    objects: ClassVar[MonthLockQuerySet] = MonthLockQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "month"], name="month_lock_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of plan {self.plan_id}"


class Alert(models.Model):
    """A threshold of a month was crossed and told; each once."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="alerts")
    month = models.DateField()
    percent = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "month", "percent"], name="alert_once")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.month:%Y-%m}"


class Decision(models.TextChoices):
    """What the client said of an estimate."""

    WAITING = "waiting", "Waiting for the client"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Estimate(models.Model):
    """Extra work put before the client: minutes and what for."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="estimates")
    minutes = models.PositiveIntegerField()
    description = models.CharField(max_length=500)
    decision = models.CharField(max_length=9, choices=Decision.choices, default=Decision.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="estimate_some_minutes"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="estimate_decision_known"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(decision=Decision.WAITING), name="estimate_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"estimate of {self.minutes} minutes on {self.ticket_id}"


USED_UP_WORDS = (
    "You have used this month's allowance. Urgent work continues; we will ask before we start anything else."
)


class AllowanceSettings(models.Model):
    """Settings → Allowances; one row."""

    rounding_minutes = models.PositiveSmallIntegerField(default=5)
    minimum_minutes = models.PositiveSmallIntegerField(default=5)
    lock_after_days = models.PositiveSmallIntegerField(default=10)
    used_up_words = models.CharField(max_length=400, default=USED_UP_WORDS)
    free_categories: "models.ManyToManyField[Category, models.Model]" = models.ManyToManyField(
        Category, related_name="+", blank=True
    )
    """Categories whose work never consumes minutes."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="allowance_settings_one_row"),
            models.CheckConstraint(condition=Q(rounding_minutes__gt=0), name="allowance_settings_step"),
        ]

    def __str__(self) -> str:
        return "allowance settings"
