"""The addresses clients write to."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from deskhand.accounts.models import Team
from deskhand.tickets.models import Category


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Chainable filters over mailboxes."""

    def enabled(self) -> Self:
        """Keep those that take mail, oldest first: the first one is the desk's main address."""
        return self.filter(is_enabled=True).order_by("id")

    def with_ways(self) -> Self:
        """Bring along how mail comes to them and leaves them."""
        return self.select_related("imap", "provider_account", "smtp", "sign_in")


class Acknowledging(models.TextChoices):
    """Whether who opens a ticket by writing to a mailbox is told that it arrived."""

    AS_DESK = "desk", "As for the whole desk"
    OFF = "off", "No"
    OWN = "own", "Yes, with a text of its own"


class Mailbox(models.Model):
    """An address of the desk, lower case. Mail to it opens tickets for `team`; replies are sent from it."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=254)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.SET_NULL, null=True, blank=True, related_name="+")
    """What tickets opened by mail to this address are about."""
    signature = models.TextField(blank=True)
    """Plain text below each reply sent from this address; empty for none."""
    acknowledging = models.CharField(max_length=4, choices=Acknowledging.choices, default=Acknowledging.AS_DESK)
    acknowledgement_subject = models.CharField(max_length=200, blank=True)
    acknowledgement_body = models.TextField(blank=True)
    """The mailbox's own text, with variables as in mail/texts.py and the same for every language."""
    is_enabled = models.BooleanField(default=True)
    """Mail to a mailbox that is switched off is held, not lost."""
    created_at = models.DateTimeField()

    objects: ClassVar[MailboxQuerySet] = MailboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="mailbox_address_unique"),
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="mailbox_address_lower_case"),
            models.CheckConstraint(condition=models.Q(address__contains="@"), name="mailbox_address_complete"),
            models.CheckConstraint(
                condition=models.Q(acknowledging__in=Acknowledging.values), name="mailbox_acknowledging_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(acknowledging=Acknowledging.OWN)
                | (~models.Q(acknowledgement_subject="") & ~models.Q(acknowledgement_body="")),
                name="mailbox_acknowledgement_given",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class MailboxAlias(models.Model):
    """Another address, lower case, at which mail for a mailbox arrives."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="aliases")
    address = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="mailbox_alias_address_unique"),
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="mailbox_alias_lower_case"),
            models.CheckConstraint(condition=models.Q(address__contains="@"), name="mailbox_alias_complete"),
        ]

    def __str__(self) -> str:
        return self.address
