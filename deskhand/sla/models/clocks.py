"""Clocks on tickets, what they follow from, and the log of their recalculation."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from deskhand.accounts.models import User
from deskhand.sla.calendars import Span
from deskhand.sla.clockwork import Ending
from deskhand.sla.models.hours import HoursVersion
from deskhand.sla.models.policies import METRICS, UNITS, PolicyVersion
from deskhand.sla.targets import Metric, Target, Unit
from deskhand.tickets.models import Ticket

_ENDINGS = [Ending.MET.value, Ending.CANCELED.value]


class TicketPolicy(models.Model):
    """The versions a ticket keeps, and what its clocks follow from (clockwork.TicketClocks, row by row)."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    hours_version = models.ForeignKey(HoursVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    opened_at = models.DateTimeField(null=True)
    opening_message_id = models.BigIntegerField(null=True)
    waits_since = models.DateTimeField(null=True)
    is_answered = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True)
    clock_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["hours_version"], condition=~Q(kind="closed"), name="ticket_policy_open_hours"),
        ]

    def __str__(self) -> str:
        return f"policy of {self.ticket_id}"


class ClockQuerySet(models.QuerySet["Clock"]):
    """Chainable filters over clocks."""

    def unstopped(self) -> Self:
        """Keep those that run or pause."""
        return self.filter(stopped_at=None)

    def ticking(self) -> Self:
        """Keep those that run."""
        return self.filter(stopped_at=None, paused_at=None)

    def at_risk(self, now: datetime) -> Self:
        """Keep those that run and are late, or whose warning has come."""
        return self.ticking().filter(Q(due_at__lt=now) | Q(warn_at__lte=now))

    def to_settle(self, now: datetime) -> Self:
        """Keep those whose warning or breach has come and is not noted yet."""
        return self.ticking().filter(
            Q(warned_at=None, breached_at=None, warn_at__lte=now) | Q(breached_at=None, due_at__lt=now)
        )


class Clock(models.Model):
    """A promise that counts on a ticket. It runs unless it is paused or stopped.

    While it is paused, `due_at` leaves the present pause out: what was left then is left still.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    hours_version = models.ForeignKey(HoursVersion, models.PROTECT, related_name="+")
    metric = models.CharField(max_length=16, choices=METRICS)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=UNITS)
    kinds = ArrayField(models.CharField(max_length=8))
    warn_minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    """Ended pauses as [from, until], ISO 8601 in UTC."""
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, blank=True, choices=[(value, value) for value in _ENDINGS])
    warned_at = models.DateTimeField(null=True)
    """When the warning came due; set once it is known."""
    breached_at = models.DateTimeField(null=True)
    """When it became late; set once that is known."""

    objects: ClassVar[ClockQuerySet] = ClockQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="clock_position_once"),
            models.UniqueConstraint(fields=["ticket", "metric"], condition=Q(stopped_at=None), name="clock_runs_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_its_start"),
            models.CheckConstraint(condition=Q(stopped_at=None) | Q(paused_at=None), name="clock_stopped_not_paused"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, ending="") | Q(stopped_at__isnull=False, ending__in=_ENDINGS),
                name="clock_ending_known",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(stopped_at=None, paused_at=None), name="clock_ticking_due"),
            models.Index(
                fields=["warn_at"],
                condition=Q(stopped_at=None, paused_at=None, warned_at=None, breached_at=None),
                name="clock_ticking_warn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.ticket_id}"

    @property
    def target(self) -> Target:
        """What it counts to."""
        return Target(Metric(self.metric), self.amount, Unit(self.unit), frozenset(self.kinds), self.warn_minutes)

    @property
    def ended_pauses(self) -> tuple[Span, ...]:
        """The pauses that are over."""
        return tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in self.pauses)


class Recalculation(models.Model):
    """Open tickets are counted anew because hours or policies changed. The log's heading."""

    hours_version = models.ForeignKey(HoursVersion, models.PROTECT, null=True, related_name="+")
    """The hours to count in from now on; None where policies changed and every open ticket is matched again."""
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.reason} at {self.made_at}"


class RecalculatedClock(models.Model):
    """One line of the log: a clock whose due time moved."""

    recalculation = models.ForeignKey(Recalculation, models.CASCADE, related_name="clocks")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="+")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recalculation", "clock"], name="recalculated_clock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.old_due_at} to {self.new_due_at}"
