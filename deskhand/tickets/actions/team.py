"""Staff-only writing: team messages with mentions, and the note."""

from collections.abc import Sequence

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.clients.actions.notes import write_note
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


@transaction.atomic
def edit_note(*, ticket_id: int, text: str, seen_version: int, act: Act) -> TicketNote:
    """Save the note on a ticket. Raises NoteChanged and NoteTooLong, as `write_note`."""
    ticket = locked(ticket_id)
    kept = TicketNote.objects.select_related("updated_by").filter(ticket=ticket).first()
    note = kept or TicketNote(ticket=ticket, version=0)
    write_note(note, text, seen_version=seen_version, act=act)
    record(NoteEdited(subject_id=ticket.pk, version=note.version), act=act)
    return note
