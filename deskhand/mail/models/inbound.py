"""What came in: the bytes as they came, and what became of them."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from deskhand.mail.models.mailboxes import Mailbox
from deskhand.tickets.models import Message, Ticket


class Door(models.TextChoices):
    """How a mail reached us."""

    LMTP = "lmtp", "LMTP"
    COMMAND = "command", "deskhand mail"
    IMAP = "imap", "IMAP"
    PROVIDER = "provider", "Mail provider"


class Verdict(models.TextChoices):
    """What became of a mail. Everything but `pending` is final; `reason` says why in words."""

    PENDING = "pending", "Waiting"
    TICKET_OPENED = "ticket_opened", "Ticket opened"
    ENTRY_ADDED = "entry_added", "Added to ticket"
    TEAM_MESSAGE = "team_message", "Added for the team"
    HELD = "held", "Held"
    DUPLICATE = "duplicate", "Duplicate"
    AUTO_REPLY = "auto_reply", "Auto-reply"
    BOUNCE = "bounce", "Delivery report"
    OWN_MAIL = "own_mail", "Our own mail"
    REJECTED = "rejected", "Rejected"
    QUARANTINED = "quarantined", "Quarantined"
    FAILED = "failed", "Could not be processed"
    DELETED = "deleted", "Deleted"
    """Its bytes are gone; what remains is the line in the log."""


QUARANTINE = (Verdict.HELD, Verdict.REJECTED, Verdict.QUARANTINED, Verdict.FAILED)
MACHINE_MADE = (Verdict.AUTO_REPLY, Verdict.BOUNCE)
"""What no person wrote, as far as header and words tell; who reads it may know better."""
RELEASABLE = (*QUARANTINE, *MACHINE_MADE)
"""What an agent may let in by hand, as long as it made no entry."""


def words_of(*fields: str) -> SearchVector:
    """Return a vector over text fields in which addresses and ids fall apart into their words."""
    marks, blanks = Value("@.<>-_+=/"), Value(" " * 9)
    parts = [Func(F(field), marks, blanks, function="translate", output_field=models.TextField()) for field in fields]
    return SearchVector(*parts, config="simple")


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    """Chainable filters over mail that came in."""

    def without_raw(self) -> Self:
        """Leave the bytes in the database: lists do not need them."""
        return self.defer("raw")

    def pending(self) -> Self:
        """Keep what no job has brought to a verdict yet."""
        return self.filter(verdict=Verdict.PENDING)

    def waiting_for_mailbox(self) -> Self:
        """Keep what is held because its mailbox was off."""
        return self.filter(verdict=Verdict.HELD, waits_for_mailbox=True)

    def in_quarantine(self) -> Self:
        """Keep what stands in no ticket and waits for someone to look: held, rejected, without sender, failed."""
        return self.filter(verdict__in=QUARANTINE, entry=None)


class InboundMail(models.Model):
    """One mail as it came through one door. Its bytes are committed before the sender hears "250"."""

    raw = models.BinaryField()
    size_bytes = models.PositiveBigIntegerField()
    door = models.CharField(max_length=8, choices=Door.choices)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="+")
    envelope_from = models.TextField(blank=True)
    """SMTP's MAIL FROM: "<>" for the null path, empty where the door knew none."""
    envelope_to = ArrayField(models.TextField(), default=list)
    received_at = models.DateTimeField()

    from_address = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    to_line = models.TextField(blank=True)
    """The addresses of To and Cc, for the log; shortened."""
    subject = models.TextField(blank=True)
    message_id = models.CharField(max_length=510, blank=True)
    sent_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64)
    """SHA-256 over Message-ID, From, Date, Subject and body, hex: equal for the same mail by two ways."""

    verdict = models.CharField(max_length=14, choices=Verdict.choices, default=Verdict.PENDING)
    reason = models.TextField(blank=True)
    waits_for_mailbox = models.BooleanField(default=False)
    """Whether it is held because its mailbox was off: then it is judged anew once that is on."""
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    lane = models.PositiveSmallIntegerField(default=0)
    """Mails of one lane are read one after the other, in the order they came."""
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True)

    words = models.GeneratedField(
        expression=words_of("subject", "from_name", "from_address", "to_line", "message_id"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[InboundMailQuerySet] = InboundMailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=Q(duplicate_of=None),
                name="inbound_mail_content_once",
            ),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="inbound_mail_door_known"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="inbound_mail_verdict_known"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.PENDING, processed_at=None)
                | (~Q(verdict=Verdict.PENDING) & Q(processed_at__isnull=False)),
                name="inbound_mail_processed_when",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.TICKET_OPENED, Verdict.ENTRY_ADDED])
                | Q(ticket__isnull=False, entry__isnull=False),
                name="inbound_mail_entry_named",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.TEAM_MESSAGE) | Q(ticket__isnull=False, entry=None),
                name="inbound_mail_team_message_apart",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(verdict=Verdict.DUPLICATE) & Q(duplicate_of=None)),
                name="inbound_mail_duplicate_named",
            ),
            models.CheckConstraint(
                condition=Q(waits_for_mailbox=False) | Q(verdict=Verdict.HELD, entry=None),
                name="inbound_mail_waits_when_held",
            ),
        ]
        indexes = [
            models.Index(F("received_at").desc(), F("id").desc(), name="inbound_mail_log"),
            models.Index(
                fields=["lane", "received_at", "id"], condition=Q(verdict=Verdict.PENDING), name="inbound_mail_pending"
            ),
            models.Index(fields=["message_id"], name="inbound_mail_message_id"),
            models.Index(
                F("received_at").desc(),
                F("id").desc(),
                condition=Q(verdict__in=["held", "rejected", "quarantined", "failed"], entry=None),
                name="inbound_mail_quarantine",
            ),
            GinIndex(fields=["words"], name="inbound_mail_words"),
            GinIndex(fields=["envelope_to"], name="inbound_mail_envelope_to"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} from {self.from_address or 'nobody'}"
