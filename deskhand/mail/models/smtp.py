"""Mailboxes whose mail goes out by a server of their own: how to get in, and how it goes."""

from django.db import models
from django.db.models import Q

from deskhand.mail.models.mailboxes import Mailbox
from deskhand.mail.models.servers import THIS_MACHINE, MailServer


class SmtpSecurity(models.TextChoices):
    """How the connection is kept from being read."""

    STARTTLS = "starttls", "STARTTLS (usual, port 587)"
    TLS = "tls", "TLS (port 465)"
    NONE = "none", "None (only within one machine)"


class SmtpSignIn(models.TextChoices):
    """How the desk proves that it may send."""

    PASSWORD = "password", "A password"
    OAUTH2 = "oauth2", "Microsoft, Google or another provider (OAuth 2.0)"
    NONE = "none", "Nothing: the server knows this desk"


class ReturnPath(models.TextChoices):
    """Whom the envelope names as the sender, which is where undeliverable mail comes back."""

    MAILBOX = "mailbox", "The address of the mailbox"
    DESK = "desk", "An address of this desk, made for each mail"


class SmtpAccount(MailServer):
    """The server (RFC 6409) by which one mailbox sends, and how it went last. A mailbox without uses the desk's.

    While it is in trouble one mail at a time is tried, so that a server that is away holds up nobody else's mail.
    """

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="smtp")
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=SmtpSecurity.choices, default=SmtpSecurity.STARTTLS)
    sign_in = models.CharField(max_length=8, choices=SmtpSignIn.choices, default=SmtpSignIn.PASSWORD)
    user = models.CharField(max_length=254, blank=True)
    """Empty where nobody signs in."""
    sealed_password = models.TextField(blank=True)
    return_path = models.CharField(max_length=7, choices=ReturnPath.choices, default=ReturnPath.MAILBOX)

    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(security__in=SmtpSecurity.values), name="smtp_account_security_known"),
            models.CheckConstraint(condition=Q(sign_in__in=SmtpSignIn.values), name="smtp_account_sign_in_known"),
            models.CheckConstraint(
                condition=Q(return_path__in=ReturnPath.values), name="smtp_account_return_path_known"
            ),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="smtp_account_port_valid"),
            models.CheckConstraint(
                condition=~Q(security=SmtpSecurity.NONE) | Q(host__in=THIS_MACHINE), name="smtp_account_protected"
            ),
            models.CheckConstraint(
                condition=Q(sign_in=SmtpSignIn.NONE, user="") | (~Q(sign_in=SmtpSignIn.NONE) & ~Q(user="")),
                name="smtp_account_user_named",
            ),
            models.CheckConstraint(
                condition=(Q(sign_in=SmtpSignIn.PASSWORD) & ~Q(sealed_password=""))
                | (~Q(sign_in=SmtpSignIn.PASSWORD) & Q(sealed_password="")),
                name="smtp_account_password_kept",
            ),
        ]
