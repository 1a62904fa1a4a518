"""Mail that a provider receives for a mailbox and posts here."""

from django.db import models
from django.db.models import Q

from deskhand.mail.models.inbound import InboundMail
from deskhand.mail.models.mailboxes import Mailbox
from deskhand.mail.models.servers import OtherSide


class Provider(models.TextChoices):
    """Who posts the mail."""

    POSTMARK = "postmark", "Postmark"
    MAILGUN = "mailgun", "Mailgun"
    SES = "ses", "Amazon SES"
    SENDGRID = "sendgrid", "SendGrid"


class ProviderAccount(OtherSide):
    """How one mailbox gets mail from a provider, and how it went. Secrets are encrypted (deskhand.core.secrets)."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="provider_account")
    provider = models.CharField(max_length=8, choices=Provider.choices)
    sealed_token = models.TextField()
    """The last part of the address the provider posts to."""
    token_hash = models.CharField(max_length=64)
    """SHA-256 of the same, by which it is found."""
    sealed_password = models.TextField(blank=True)
    """What Postmark and SendGrid say as password; it is part of the address given to them."""
    sealed_signing_key = models.TextField(blank=True)
    """The key Mailgun signs with."""
    topic = models.CharField(max_length=300, blank=True)
    """The Amazon SNS topic (ARN) whose messages are taken."""
    access_key_id = models.CharField(max_length=128, blank=True)
    """Of the Amazon access key that may read the bucket where SES stores mail; empty where it stores none."""
    sealed_access_secret = models.TextField(blank=True)
    """The secret of that key."""
    public_key = models.CharField(max_length=300, blank=True)
    """What SendGrid's posts have to be signed with, where it is told to sign them."""
    confirmed_at = models.DateTimeField(null=True)
    """When the subscription to that topic was confirmed."""
    is_enabled = models.BooleanField(default=True)
    last_delivery_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="provider_account_token_unique"),
            models.CheckConstraint(condition=Q(provider__in=Provider.values), name="provider_account_provider_known"),
            models.CheckConstraint(
                condition=~Q(provider=Provider.SES) | ~Q(topic=""), name="provider_account_ses_has_topic"
            ),
            models.CheckConstraint(
                condition=~Q(provider=Provider.MAILGUN) | ~Q(sealed_signing_key=""),
                name="provider_account_mailgun_has_key",
            ),
            models.CheckConstraint(
                condition=Q(access_key_id="") | ~Q(sealed_access_secret=""), name="provider_account_access_key_whole"
            ),
            models.CheckConstraint(
                condition=~Q(provider__in=[Provider.POSTMARK, Provider.SENDGRID]) | ~Q(sealed_password=""),
                name="provider_account_has_password",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} for {self.mailbox_id}"


class ProviderMail(models.Model):
    """A mail as the provider names it: taken once, however often it is posted."""

    account = models.ForeignKey(ProviderAccount, models.CASCADE, related_name="+")
    provider_id = models.CharField(max_length=200)
    mail = models.ForeignKey(InboundMail, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "provider_id"], name="provider_mail_once")]
        indexes = [
            models.Index(fields=["mail"], name="provider_mail_of"),
            models.Index(fields=["provider_id"], name="provider_mail_id"),
        ]

    def __str__(self) -> str:
        return self.provider_id
