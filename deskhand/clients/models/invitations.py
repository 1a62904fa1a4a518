"""Invitations into a client's portal."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from deskhand.clients.models.people import Client, Contact


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Chainable filters over invitations."""

    def waiting(self) -> Self:
        """Keep those that nobody took up or back."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, viewer: Contact) -> Self:
        """Keep what waits at the contact's client; nothing for who does not manage its people."""
        if not viewer.user.is_active or not viewer.is_client_admin or viewer.client_id is None:
            return self.none()
        return self.waiting().filter(client=viewer.client_id)


class Invitation(models.Model):
    """A person was asked to join a client, with what they are to be allowed; the name is the inviter's word for them.

    Whoever owns the address already may never take it up, and the inviter is not told: it waits like any other.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="invitations")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="invitations")
    """Who joins by taking it up: someone made by an invitation, who belongs to nobody yet."""
    sees_whole_client = models.BooleanField()
    sees_maintenance = models.BooleanField()
    is_client_admin = models.BooleanField()
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "address"], name="invitation_once"),
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="invitation_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.address} to {self.client_id}"
