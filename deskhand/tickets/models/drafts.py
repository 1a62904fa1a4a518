"""What is kept per person: drafts, and how far a thread was read."""

from django.db import models

from deskhand.accounts.models import User
from deskhand.tickets.models.ticket import Ticket


class Audience(models.TextChoices):
    """For whom a draft is meant; each audience has its own draft, so text never crosses."""

    CLIENT = "client"
    TEAM = "team"


class Draft(models.Model):
    """Unsent text: one per author, ticket and audience; without a ticket, that of a new ticket."""

    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    audience = models.CharField(max_length=6, choices=Audience.choices)
    content = models.JSONField()
    """The form's fields by name."""
    revision = models.BigIntegerField(default=0)
    """Counted by the page; a save with a lower one came late and is dropped."""
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "ticket", "audience"], nulls_distinct=False, name="draft_once"),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="draft_audience_known"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.author_id} on {self.ticket_id}"


class ReadMarker(models.Model):
    """How far someone has read a thread: the position of the last entry they saw."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="read_marker_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.ticket_id} to {self.position}"
