"""The staff-only note on a client."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.clients.events import ClientNoteEdited
from deskhand.clients.models import Client
from deskhand.clients.models.notes import ClientNote
from deskhand.events import Act
from deskhand.events.recording import record

NOTE_LIMIT = 20_000


@dataclass
class ClientNoteChanged(Exception):
    """Someone else saved the note meanwhile; `current` is what it says now."""

    current: ClientNote

    def __str__(self) -> str:
        return f"{self.current.updated_by} changed the note meanwhile. Their text stands below yours."


class ClientNoteTooLong(ValueError):
    """The note is over its limit."""


@transaction.atomic
def edit_client_note(*, client_id: int, text: str, seen_version: int, act: Act) -> ClientNote:
    """Save the note, if nobody saved it since `seen_version` (0 where there was none).

    Raises ClientNoteChanged with the current note otherwise, ClientNoteTooLong beyond 20,000 characters.
    """
    if len(text) > NOTE_LIMIT:
        raise ClientNoteTooLong(f"The note is {len(text):,} characters long; {NOTE_LIMIT:,} fit.")
    client = Client.objects.select_for_update().get(pk=client_id)
    note = ClientNote.objects.select_related("updated_by").filter(client=client).first()
    if note is not None and note.version != seen_version:
        raise ClientNoteChanged(note)
    if note is None:
        note = ClientNote(client=client, version=0)
    note.text, note.updated_at, note.updated_by_id = text.strip(), act.at, act.actor_id  # type: ignore[assignment]
    note.version += 1
    note.save()
    record(ClientNoteEdited(subject_id=client.pk, version=note.version), act=act)
    return note
