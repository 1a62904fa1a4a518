"""Staff-only: the note on a client. No relation from what clients read leads here (`related_name="+"`)."""

from django.db import models

from deskhand.accounts.models import User
from deskhand.clients.models.people import Client


class ClientNote(models.Model):
    """The one editable staff-only field of a client."""

    client = models.OneToOneField(Client, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"note of client {self.client_id}"
