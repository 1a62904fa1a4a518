"""A client as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.models import Agent
from deskhand.clients.models import Client
from deskhand.clients.models.notes import ClientNote, Note


@dataclass(frozen=True)
class NoteText:
    """The staff-only note; version 0 where nobody wrote one."""

    text: str = ""
    version: int = 0
    updated_by: str = ""
    updated_at: datetime | None = None


def seen_client(agent: Agent, public_id: str) -> Client | None:
    """Return the client with its account manager if the agent may see it. One query."""
    clients = Client.objects.visible_to(agent).select_related("account_manager__user")
    return clients.filter(public_id=public_id).first()


def note_of(client: Client) -> NoteText:
    """Return the note on a client the agent was allowed to see. One query."""
    note = ClientNote.objects.select_related("updated_by").filter(client=client).first()
    return NoteText() if note is None else as_text(note)


def as_text(note: Note) -> NoteText:
    """Return a note as pages show it."""
    return NoteText(note.text, note.version, str(note.updated_by), note.updated_at)


def domains_of(client: Client) -> list[str]:
    """Return the client's mail domains, sorted. One query."""
    return list(client.domains.order_by("name").values_list("name", flat=True))
