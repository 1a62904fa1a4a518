"""Mail that an agent forwarded: whom it was from, until someone decides who asked."""

from django.db import models
from django.db.models import Q

from deskhand.mail.models.inbound import InboundMail
from deskhand.tickets.models import Ticket


class ForwardedSender(models.Model):
    """Whom the mail that an agent forwarded was from. It only became text, so that nothing proves it.

    The ticket belongs to the agent until a person makes this sender its requester.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    mail = models.ForeignKey(InboundMail, models.PROTECT, related_name="+")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_accepted=False) | Q(decided_at__isnull=False), name="forwarded_sender_accepted_when"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} in {self.ticket_id}"
