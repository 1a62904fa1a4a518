"""Signing in at a mailbox's server without a password: by OAuth 2.0, as Microsoft and Google ask for."""

from django.db import models
from django.db.models import Q

from deskhand.mail.models.mailboxes import Mailbox
from deskhand.mail.models.servers import OtherSide


class SignInProvider(models.TextChoices):
    """Who says that the desk may read the mailbox."""

    MICROSOFT = "microsoft", "Microsoft 365 or Outlook"
    GOOGLE = "google", "Google Workspace or Gmail"
    OTHER = "other", "Another provider"


class MailboxSignIn(OtherSide):
    """What a provider gave the desk for one mailbox (RFC 6749). Secrets are encrypted (deskhand.core.secrets)."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="sign_in")
    provider = models.CharField(max_length=9, choices=SignInProvider.choices)
    client_id = models.CharField(max_length=300)
    """What the provider calls this desk."""
    sealed_client_secret = models.TextField(blank=True)
    authorize_url = models.CharField(max_length=500)
    """Where a person agrees."""
    token_url = models.CharField(max_length=500)
    """Where tokens come from."""
    scope = models.CharField(max_length=500)
    mail_host = models.CharField(max_length=253)
    """The IMAP server, in lower case, that tokens are shown to; never another one but the one to send by."""
    smtp_host = models.CharField(max_length=253, blank=True)
    """The SMTP server, in lower case, that tokens are shown to; empty where the desk may only read."""
    sealed_refresh_token = models.TextField(blank=True)
    """Empty until a person agreed."""
    sealed_access_token = models.TextField(blank=True)
    access_ends_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(provider__in=SignInProvider.values), name="mailbox_sign_in_known"),
            models.CheckConstraint(
                condition=Q(sealed_access_token="") | Q(access_ends_at__isnull=False),
                name="mailbox_sign_in_access_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} at {self.provider}"

    @property
    def is_connected(self) -> bool:
        """Whether a person agreed, and it was not taken back here."""
        return bool(self.sealed_refresh_token)
