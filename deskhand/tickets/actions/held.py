"""What becomes of a held message that is not accepted: it goes to the team alone, or away."""

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.actions.storing import unclaim
from deskhand.files.models import File
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import from_text
from deskhand.tickets.events import HeldMessageDeleted
from deskhand.tickets.models import Attachment, Message, Ticket
from deskhand.tickets.models.team import TeamMessage


class NotHeld(ValueError):
    """Somebody decided about the message meanwhile."""

    def __init__(self) -> None:
        super().__init__("Somebody decided about that message meanwhile. Load the page again.")


class NotOfStaff(ValueError):
    """Only what came in an agent's name can become a message of the team's."""

    def __init__(self) -> None:
        super().__init__("Only a message that came in an agent's name can be kept for the team.")


@transaction.atomic
def keep_for_team(*, ticket_id: int, message_id: int, act: Act) -> TeamMessage:
    """Turn an agent's held message into a team message of the same author. Raises NotHeld, NotOfStaff."""
    ticket, message = _held(ticket_id, message_id)
    agent = Agent.objects.filter(user=message.author_id).first()
    if message.is_from_client or agent is None:
        raise NotOfStaff
    new = NewMessage(from_text(message.text), files=_taken_out(ticket, message), submission_key=message.submission_key)
    return post_team_message(ticket_id=ticket.pk, agent=agent, new=new, act=act)


@transaction.atomic
def delete_held(*, ticket_id: int, message_id: int, act: Act) -> None:
    """Delete a held message; its files are attached to nothing then. Raises NotHeld."""
    ticket, message = _held(ticket_id, message_id)
    name = message.author.name
    unclaim(_taken_out(ticket, message))
    record(HeldMessageDeleted(subject_id=ticket.pk, message_id=message_id, author_name=name), act=act)


def _held(ticket_id: int, message_id: int) -> tuple[Ticket, Message]:
    ticket = locked(ticket_id)
    held = Message.objects.filter(pk=message_id, ticket=ticket, is_held=True)
    message = held.select_related("author").first()
    if message is None:
        raise NotHeld
    return ticket, message


def _taken_out(ticket: Ticket, message: Message) -> list[File]:
    """Take the message out of the thread and return its files. Its position stays empty, as those of others stand."""
    attached = list(Attachment.objects.filter(message=message).select_related("file").order_by("id"))
    Attachment.objects.filter(message=message).delete()
    message.delete()
    ticket.attachment_count -= len(attached)
    ticket.save(update_fields=["attachment_count"])
    return [one.file for one in attached]
