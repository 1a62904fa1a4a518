"""Staff-only writing: team messages with mentions, and the note."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.core.documents import from_text, mentions
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.actions.storing import claim
from deskhand.files.models import File
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.locking import locked, next_position
from deskhand.tickets.events import NoteEdited, TeamMessagePosted
from deskhand.tickets.models import Follow
from deskhand.tickets.models.team import Mention, TeamAttachment, TeamMessage, TicketNote
from deskhand.tickets.models.ticket import Ticket

NOTE_LIMIT = 20_000


@transaction.atomic
def post_team_message(*, ticket_id: int, agent: Agent, new: NewMessage, act: Act) -> TeamMessage:
    """Write to the team. Mentioned agents get a mention and follow from now on; the status stays as it is."""
    ticket = locked(ticket_id)
    if new.submission_key:
        earlier = TeamMessage.objects.filter(author=agent.user, submission_key=new.submission_key).first()
        if earlier is not None:
            return earlier
    document = new.body.document or from_text(new.body.text)
    message = TeamMessage.objects.create(
        ticket=ticket,
        position=next_position(ticket),
        author=agent.user,
        document=document,
        html=new.body.html,
        text=new.body.text,
        created_at=act.at,
        submission_key=new.submission_key,
    )
    _attach(message, new.files, act=act)
    mentioned = _mention(ticket, message, mentions(document), author=agent, act=act)
    ticket.save(update_fields=["entry_count"])
    fact = TeamMessagePosted(subject_id=ticket.pk, team_message_id=message.pk, mentioned_agent_ids=mentioned)
    record(fact, act=act)
    return message


def _attach(message: TeamMessage, files: Sequence[File], *, act: Act) -> None:
    TeamAttachment.objects.bulk_create(TeamAttachment(team_message=message, file=file) for file in files)
    claim(files, act=act)


def _mention(ticket: Ticket, message: TeamMessage, agent_ids: list[int], *, author: Agent, act: Act) -> list[int]:
    named = [agent for agent in Agent.objects.active().filter(pk__in=agent_ids) if agent.pk != author.pk]
    Mention.objects.bulk_create(Mention(team_message=message, agent=agent) for agent in named)
    Follow.objects.bulk_create(
        (Follow(ticket=ticket, agent=agent, followed_at=act.at) for agent in named),
        ignore_conflicts=True,
    )
    return [agent.pk for agent in named]


@dataclass
class NoteChanged(Exception):
    """Someone else saved the note meanwhile; `current` is what it says now."""

    current: TicketNote

    def __str__(self) -> str:
        return f"{self.current.updated_by} changed the note meanwhile. Their text stands below yours."


class NoteTooLong(ValueError):
    """The note is over its limit."""


@transaction.atomic
def edit_note(*, ticket_id: int, text: str, seen_version: int, act: Act) -> TicketNote:
    """Save the note, if nobody saved it since `seen_version` (0 where there was none).

    Raises NoteChanged with the current note otherwise, NoteTooLong beyond 20,000 characters.
    """
    if len(text) > NOTE_LIMIT:
        raise NoteTooLong(f"The note is {len(text):,} characters long; {NOTE_LIMIT:,} fit.")
    ticket = locked(ticket_id)
    note = TicketNote.objects.select_related("updated_by").filter(ticket=ticket).first()
    if note is not None and note.version != seen_version:
        raise NoteChanged(note)
    if note is None:
        note = TicketNote(ticket=ticket, version=0)
    note.text, note.updated_at, note.updated_by_id = text.strip(), act.at, act.actor_id  # type: ignore[assignment]
    note.version += 1
    note.save()
    record(NoteEdited(subject_id=ticket.pk, version=note.version), act=act)
    return note
