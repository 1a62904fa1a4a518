"""Whose mail is refused before it becomes a ticket."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from deskhand.tickets.models import Ticket


class SpamListing(models.Model):
    """An address, or a whole domain with what lies below it; lower case."""

    value = models.CharField(max_length=254)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")
    """The ticket whose marking as spam put it here; None where it was entered by hand."""
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value"], name="spam_listing_once"),
            models.CheckConstraint(condition=models.Q(value=Lower("value")), name="spam_listing_lower_case"),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def is_domain(self) -> bool:
        """Whether it stands for everyone at a domain."""
        return "@" not in self.value
