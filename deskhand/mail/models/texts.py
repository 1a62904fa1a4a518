"""What an admin decides about mail that goes out: texts, notices, quotes; and addresses nothing is sent to."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from deskhand.core.built import built_once
from deskhand.core.languages import DEFAULT_LANGUAGE
from deskhand.core.remembering import remembered


class TextKind(models.TextChoices):
    """Which mail a text is of."""

    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    REPLY = "reply", "Reply"
    CLOSED = "closed", "Ticket closed"
    RATING = "rating", "Ticket closed, asking for a rating"
    APPROVAL = "approval", "Extra work to approve"
    ALLOWANCE_ALERT = "allowance_alert", "Allowance alert"
    INVITATION = "invitation", "Invitation"
    SIGN_IN_LINK = "sign_in_link", "One-time link"


class MailText(models.Model):
    """A text that an admin changed in one language; without a row, the one that came with Deskhand holds."""

    kind = models.CharField(max_length=16, choices=TextKind.choices)
    language = models.CharField(max_length=5, default=DEFAULT_LANGUAGE)
    """A code of core/languages.py."""
    subject = models.CharField(max_length=200)
    body = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="mail_text_once_a_language"),
            models.CheckConstraint(condition=Q(kind__in=TextKind.values), name="mail_text_kind_known"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="mail_text_given"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}"


class Quote(models.TextChoices):
    """What a reply by mail repeats of the conversation."""

    NONE = "none", "Nothing"
    LAST = "last", "The message before"
    ALL = "all", "The whole conversation"


class MailSettings(models.Model):
    """Settings → E-mail texts; one row."""

    acknowledges = models.BooleanField(default=True)
    """Whether who opens a ticket by mail or form is told that it arrived."""
    announces_closing = models.BooleanField(default=False)
    quote = models.CharField(max_length=4, choices=Quote.choices, default=Quote.NONE)
    copies_join = models.BooleanField(default=False)
    """Whether colleagues whom a client puts in copy of a mail are kept in the conversation."""
    language = models.CharField(max_length=5, default=DEFAULT_LANGUAGE)
    """The desk's own: for people who chose none, and for texts that there are not in theirs."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="mail_settings_one_row"),
            models.CheckConstraint(condition=Q(quote__in=Quote.values), name="mail_settings_quote_known"),
        ]

    def __str__(self) -> str:
        return "mail settings"

    @classmethod
    def current(cls) -> "MailSettings":
        """Return the one row, or the defaults where nobody changed any."""
        return remembered("mail settings", lambda: next(iter(_mail_settings()), None) or cls(pk=1))


@built_once
def _mail_settings() -> "models.QuerySet[MailSettings]":
    return MailSettings.objects.filter(pk=1)


class SuppressedAddress(models.Model):
    """An address, lower case, to which nothing is sent: mail to it came back for good."""

    address = models.CharField(max_length=254, unique=True)
    reason = models.TextField()
    """What the other server said."""
    delivery: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "mail.Delivery", models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(address=Lower("address")), name="suppressed_address_lower_case"),
        ]

    def __str__(self) -> str:
        return self.address
