"""What clients can read: messages, their frozen recipients, and attachments."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left

from deskhand.accounts.models import User, new_public_id
from deskhand.events import Via
from deskhand.files.models import File
from deskhand.tickets.models.ticket import Ticket

SEARCHED_CHARS = 100_000
"""How much of a text the search knows. PostgreSQL refuses to write a row whose words take over a megabyte."""


class MessageQuerySet(models.QuerySet["Message"]):
    """Chainable filters over messages."""

    def shown_to_clients(self) -> Self:
        """Keep what the portal shows: everything but what waits for an agent's acceptance."""
        return self.filter(is_held=False)

    def in_thread_order(self) -> Self:
        """Sort as the thread reads, oldest first."""
        return self.order_by("position")


class Message(models.Model):
    """An entry that clients can read."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages", db_index=False)
    position = models.PositiveIntegerField()
    public_id = models.CharField(max_length=22, default=new_public_id)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    is_from_client = models.BooleanField()
    via = models.CharField(max_length=12, choices=[(via.value, via.value) for via in Via])
    document = models.JSONField(null=True)
    """The composer's document; None for a message that came as mail."""
    html = models.TextField()
    """Cleaned; safe to show."""
    text = models.TextField()
    quoted_html = models.TextField(blank=True)
    """What the mail quoted below the newest reply, cleaned; shown folded, never deleted."""
    is_auto_reply = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    """From someone not on this ticket: not shown to clients, not sent to anyone, until an agent accepts it."""
    created_at = models.DateTimeField()
    submission_key = models.CharField(max_length=40, null=True)  # noqa: DJ001 (NULLs do not collide)
    """The form's key: sending a form twice writes one message."""

    words = models.GeneratedField(
        expression=SearchVector(Left("text", SEARCHED_CHARS), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        # Tickets and authors are found by these. A column that is `unique` would get an index for LIKE besides.
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="message_public_id_once"),
            models.UniqueConstraint(fields=["ticket", "position"], name="message_position_once"),
            models.UniqueConstraint(fields=["author", "submission_key"], name="message_submission_once"),
        ]
        indexes = [GinIndex(fields=["words"], name="message_words")]

    def __str__(self) -> str:
        return f"message {self.position} of {self.ticket_id}"


class Recipient(models.Model):
    """Who a staff message goes to by mail, frozen when it was written."""

    class Role(models.TextChoices):
        """The header line the address stands in."""

        TO = "to"
        CC = "cc"

    message = models.ForeignKey(Message, models.CASCADE, related_name="recipients")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=2, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "address"], name="recipient_once"),
        ]

    def __str__(self) -> str:
        return self.address


class Attachment(models.Model):
    """A file on a message, or attached to the ticket itself afterwards. Clients can read it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=250, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file"], name="attachment_file_once")]

    def __str__(self) -> str:
        return f"attachment {self.file_id} of {self.ticket_id}"
