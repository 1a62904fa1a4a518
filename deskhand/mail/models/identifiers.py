"""The Message-IDs by which answers find their ticket."""

from django.db import models

from deskhand.tickets.models import Ticket


class Seen(models.TextChoices):
    """How an id became known."""

    SENT = "sent"
    RECEIVED = "received"
    REFERENCED = "referenced"
    """Only named by a mail of this ticket; the mail itself never came here."""


class KnownMessageId(models.Model):
    """A Message-ID, with its angle brackets, that belongs to a ticket. One id may belong to several."""

    message_id = models.CharField(max_length=510)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    seen = models.CharField(max_length=10, choices=Seen.choices)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "ticket"], name="known_message_id_once"),
            models.CheckConstraint(condition=models.Q(seen__in=Seen.values), name="known_message_id_seen_known"),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="known_message_id_ticket")]

    def __str__(self) -> str:
        return f"{self.message_id} of {self.ticket_id}"
