"""Mailboxes that are read by IMAP: how to get in, how far reading came, and how it goes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deskhand.mail.models.inbound import InboundMail
from deskhand.mail.models.mailboxes import Mailbox
from deskhand.mail.models.servers import MailServer


class ImapSecurity(models.TextChoices):
    """How the connection is kept from being read."""

    TLS = "tls", "TLS (usual, port 993)"
    STARTTLS = "starttls", "STARTTLS (port 143)"
    NONE = "none", "None (only within one machine)"


class SignIn(models.TextChoices):
    """How the desk proves that it may read the mailbox."""

    PASSWORD = "password", "A password"
    OAUTH2 = "oauth2", "Microsoft, Google or another provider (OAuth 2.0)"


class AfterFetch(models.TextChoices):
    """What becomes of a mail on the server once it is stored here."""

    MARK_SEEN = "mark_seen", "Mark it as read"
    MOVE = "move", "Move it to another folder"
    DELETE = "delete", "Delete it"


class Existing(models.TextChoices):
    """Which mail is taken that lay in the folder before the first look."""

    UNREAD = "unread", "Only what nobody has read yet"
    ALL = "all", "Everything"
    NONE = "none", "Nothing, only mail that comes from now on"


class ImapAccount(MailServer):
    """How one mailbox is read by IMAP (RFC 3501), and how it went last."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="imap")
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=ImapSecurity.choices, default=ImapSecurity.TLS)
    sign_in = models.CharField(max_length=8, choices=SignIn.choices, default=SignIn.PASSWORD)
    folder = models.CharField(max_length=200, default="INBOX")
    existing = models.CharField(max_length=6, choices=Existing.choices, default=Existing.UNREAD)
    after_fetch = models.CharField(max_length=9, choices=AfterFetch.choices, default=AfterFetch.MARK_SEEN)
    move_to = models.CharField(max_length=200, blank=True)
    is_enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    """A reader that began before this begins anew."""
    epoch = models.PositiveIntegerField(default=0)
    """Counts hosts, users and folders: in another one the same UIDVALIDITY and UIDs mean other mail."""

    reader = models.CharField(max_length=32, blank=True)
    """Which worker reads; others keep away until its lease ends."""
    lease_until = models.DateTimeField(null=True)
    last_fetch_at = models.DateTimeField(null=True)
    """When the folder was last read through without trouble."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(security__in=ImapSecurity.values), name="imap_account_security_known"),
            models.CheckConstraint(condition=Q(sign_in__in=SignIn.values), name="imap_account_sign_in_known"),
            models.CheckConstraint(condition=Q(after_fetch__in=AfterFetch.values), name="imap_account_after_known"),
            models.CheckConstraint(condition=Q(existing__in=Existing.values), name="imap_account_existing_known"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="imap_account_port_valid"),
            models.CheckConstraint(
                condition=~Q(after_fetch=AfterFetch.MOVE) | ~Q(move_to=""), name="imap_account_move_where"
            ),
        ]


class ImapPosition(models.Model):
    """How far one folder was read, for one UIDVALIDITY (RFC 3501 §2.3.1.1): with another, all UIDs mean other mail."""

    account = models.ForeignKey(ImapAccount, models.CASCADE, related_name="positions")
    epoch = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField()
    first_uid = models.BigIntegerField()
    """What is below was there before and is left alone, but for the backlog."""
    backlog = ArrayField(models.BigIntegerField(), default=list)
    """UIDs still to be taken, however many others came since: some below `first_uid`, and what could not be fetched."""
    last_uid = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "epoch", "folder", "uid_validity"], name="imap_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.folder} up to {self.last_uid}"


class ImapMail(models.Model):
    """A mail as one account's folder numbers it: taken once, whatever is cut off when."""

    account = models.ForeignKey(ImapAccount, models.CASCADE, related_name="+")
    epoch = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    mail = models.ForeignKey(InboundMail, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    """When the server was told what is to become of it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "epoch", "folder", "uid_validity", "uid"], name="imap_mail_once")
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(settled_at=None), name="imap_mail_unsettled"),
            models.Index(fields=["mail"], name="imap_mail_of"),
            models.Index(fields=["uid"], name="imap_mail_uid"),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.uid_validity}:{self.uid}"
