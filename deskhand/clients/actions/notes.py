"""Writing staff-only notes, and the one on a client."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.clients.events import ClientNoteEdited
from deskhand.clients.models import Client
from deskhand.clients.models.notes import ClientNote, Note
from deskhand.core.text import storable
from deskhand.events import Act
from deskhand.events.recording import record

NOTE_LIMIT = 20_000


@dataclass
class NoteChanged(Exception):
    """Someone else saved the note meanwhile; `current` is what it says now."""

    current: Note

    def __str__(self) -> str:
        return f"{self.current.updated_by} changed the note meanwhile. Their text stands below yours."


class NoteTooLong(ValueError):
    """The note is over its limit."""


def write_note(note: Note, text: str, *, seen_version: int, act: Act) -> None:
    """Save the note of something that is locked, if nobody saved it since `seen_version`. One not saved yet has 0.

    Raises NoteChanged with the current note otherwise, NoteTooLong beyond 20,000 characters.
    """
    if len(text) > NOTE_LIMIT:
        raise NoteTooLong(f"The note is {len(text):,} characters long; {NOTE_LIMIT:,} fit.")
    if note.pk and note.version != seen_version:
        raise NoteChanged(note)
    if act.actor is None:
        raise ValueError("A note is written by a person.")
    note.text, note.updated_at, note.updated_by_id = storable(text).strip(), act.at, act.actor.pk
    note.version += 1
    note.save()


@transaction.atomic
def edit_client_note(*, client_id: int, text: str, seen_version: int, act: Act) -> ClientNote:
    """Save the note on a client. Raises NoteChanged and NoteTooLong, as `write_note`."""
    client = Client.objects.select_for_update().get(pk=client_id)
    kept = ClientNote.objects.select_related("updated_by").filter(client=client).first()
    note = kept or ClientNote(client=client, version=0)
    write_note(note, text, seen_version=seen_version, act=act)
    record(ClientNoteEdited(subject_id=client.pk, version=note.version), act=act)
    return note
