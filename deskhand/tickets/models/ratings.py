"""What clients said of a closed ticket."""

from django.db import models
from django.db.models import Q

from deskhand.clients.models import Contact
from deskhand.tickets.models.ticket import Ticket


class Verdict(models.TextChoices):
    """Good or not."""

    GOOD = "good", "Good"
    BAD = "bad", "Not good"


class Rating(models.Model):
    """What the client said of one resolution: closing the ticket again later asks anew."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ratings")
    closed_at = models.DateTimeField()
    """Which resolution: the moment the ticket was closed."""
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    comment = models.CharField(max_length=1000, blank=True)
    rated_by = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "closed_at"], name="rating_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="rating_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} for {self.ticket_id}"
