"""What goes out: one row a mail, one row a recipient."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from deskhand.accounts.models import Agent
from deskhand.mail.models.inbound import words_of
from deskhand.mail.models.mailboxes import Mailbox
from deskhand.tickets.models import Message, Ticket


class OutboundKind(models.TextChoices):
    """Why a mail is sent."""

    REPLY = "reply", "Reply"
    SIGN_IN_LINK = "sign_in_link", "Sign-in link"
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    CLOSED = "closed", "Ticket closed"
    APPROVAL = "approval", "Extra work to approve"
    ALLOWANCE_ALERT = "allowance_alert", "Allowance running out"
    INVITATION = "invitation", "Invitation"
    TEST = "test", "Test"
    STAFF_NOTICE = "staff_notice", "Notice to staff"


class OutboundMail(models.Model):
    """A mail as it was written, committed with what caused it. Every try sends the same Message-ID."""

    kind = models.CharField(max_length=16, choices=OutboundKind.choices)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+", db_index=False)
    reader = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+")
    """The one agent a notice to staff is for: it may hold what only the team reads."""
    subject = models.TextField()
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="+", db_index=False)
    """Whose server it leaves by, whatever its address is by then; none for mail from the address of the configuration.

    Mail of earlier releases has none either: its address tells.
    """
    from_name = models.CharField(max_length=200)
    from_address = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    to_addresses = ArrayField(models.TextField())
    """What stands in To, each as `Name <address>`."""
    cc_addresses = ArrayField(models.TextField(), default=list)
    recipients_line = models.TextField()
    """All addresses, for the log's search."""
    message_id = models.CharField(max_length=200)
    in_reply_to = models.TextField(blank=True)
    references = ArrayField(models.TextField(), default=list)
    text = models.TextField()
    html = models.TextField()
    is_automatic = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    """Its text opens something (a sign-in link): it is wiped once the mail is on its way."""
    created_at = models.DateTimeField()

    words = models.GeneratedField(
        expression=words_of("subject", "from_address", "recipients_line", "message_id"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="outbound_mail_message_id_once"),
            models.UniqueConstraint(
                fields=["entry", "kind"], condition=~Q(entry=None), name="outbound_mail_entry_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=OutboundKind.values), name="outbound_mail_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=OutboundKind.REPLY) | Q(entry__isnull=False, ticket__isnull=False),
                name="outbound_mail_reply_named",
            ),
            models.CheckConstraint(
                condition=(Q(kind=OutboundKind.STAFF_NOTICE) & Q(reader__isnull=False))
                | (~Q(kind=OutboundKind.STAFF_NOTICE) & Q(reader=None)),
                name="outbound_mail_reader_named",
            ),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="outbound_mail_log"),
            GinIndex(fields=["words"], name="outbound_mail_words"),
        ]

    def __str__(self) -> str:
        return f"mail {self.message_id}"


def words_of_delivery() -> SearchVector:
    """Return the vector over what other servers said about a delivery, with the ids they gave it."""
    return words_of("server_answer", "envelope_from")


class DeliveryState(models.TextChoices):
    """How far a mail came with one recipient."""

    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DEFERRED = "deferred", "Will be tried again"
    FAILED = "failed", "Failed"
    UNCLEAR = "unclear", "Unclear"
    """After the last byte no clear answer came: it may have arrived, so it is not sent again unasked."""
    CAPTURED = "captured", "Captured"
    SUPPRESSED = "suppressed", "Not sent"


DUE_STATES = (DeliveryState.QUEUED, DeliveryState.DEFERRED)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Chainable filters over deliveries."""

    def due(self, *, now: object) -> Self:
        """Keep what may be tried at `now`: its time has come, or the worker that held it is gone."""
        return self.filter(
            Q(state__in=DUE_STATES, next_try_at__lte=now) | Q(state=DeliveryState.SENDING, lease_until__lte=now)
        )

    def unsettled(self) -> Self:
        """Keep what is still to be sent."""
        return self.filter(state__in=[*DUE_STATES, DeliveryState.SENDING])


class Delivery(models.Model):
    """One mail to one recipient."""

    mail = models.ForeignKey(OutboundMail, models.CASCADE, related_name="deliveries", db_index=False)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    """When it was first taken up to be tried, or an agent asked to send it again: its 72 hours count from then."""
    next_try_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    """How many workers in a row took it up and were never heard of again."""
    envelope_from = models.CharField(max_length=254, blank=True)
    """SMTP's MAIL FROM for this recipient, made to tell whose mail came back; empty for the null path."""
    server_answer = models.TextField(blank=True)
    """The receiving server's own words, or ours where no server spoke."""
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mail", "address"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=DUE_STATES) | Q(next_try_at__isnull=False),
                name="delivery_due_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | Q(lease_until__isnull=False),
                name="delivery_leased_until",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "deferred"]), name="delivery_due"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="delivery_leased"),
            models.Index(fields=["address", "mail"], name="delivery_address"),
            GinIndex(words_of_delivery(), name="delivery_words"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.state}"
