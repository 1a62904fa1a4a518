"""Staff-only: notes, and the one on a client. No relation from what clients read leads here (`related_name="+"`)."""

from django.db import models

from deskhand.accounts.models import User
from deskhand.clients.models.people import Client


class Note(models.Model):
    """One editable staff-only text, of which everyone writes the next version."""

    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ClientNote(Note):
    """The one editable staff-only field of a client."""

    client = models.OneToOneField(Client, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"note of client {self.client_id}"
