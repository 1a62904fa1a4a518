"""Who is called for business critical tickets, and the alerts that repeat until someone answers for them."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from deskhand.accounts.models import Agent, User
from deskhand.tickets.models import Ticket

MOST_REPEAT_MINUTES = 24 * 60


class OnCallSettings(models.Model):
    """How alerts repeat; one row."""

    repeat_minutes = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="on_call_settings_one_row"),
            models.CheckConstraint(
                condition=Q(repeat_minutes__range=(1, MOST_REPEAT_MINUTES)), name="on_call_repeats_in_time"
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.repeat_minutes} minutes"

    @classmethod
    def current(cls) -> "OnCallSettings":
        """Return the one row, or the defaults where nobody changed any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class OnCall(models.Model):
    """An agent is on call: alerted for every business critical ticket."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent_id} is on call"


class AlertQuerySet(models.QuerySet["Alert"]):
    """Chainable filters over alerts."""

    def unanswered(self) -> Self:
        """Keep those nobody took on yet, the oldest first."""
        return self.filter(acknowledged_at=None).order_by("raised_at", "pk")

    def to_repeat(self, now: datetime) -> Self:
        """Keep those to be raised again by now."""
        return self.unanswered().filter(repeat_at__lte=now)


class Alert(models.Model):
    """The on-call agents are called for a ticket, again and again until one takes it on."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    raised_at = models.DateTimeField()
    raised_count = models.PositiveIntegerField(default=1)
    repeat_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    """None where the ticket came to rest by itself."""

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_by=None) | Q(acknowledged_at__isnull=False), name="alert_acknowledged_when"
            ),
        ]
        indexes = [models.Index(fields=["repeat_at"], condition=Q(acknowledged_at=None), name="alert_repeats")]

    def __str__(self) -> str:
        return f"alert of {self.ticket_id}"
