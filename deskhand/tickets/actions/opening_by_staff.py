"""Opening a ticket on a client's behalf."""

from dataclasses import dataclass

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.clients.actions.people import find_or_create_contact
from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.locking import lock_submission
from deskhand.tickets.actions.opening import NewTicket, checked_subject, new_row, open_ticket
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.events import TicketOpenedForTeam
from deskhand.tickets.models import Category, Priority, Source, Ticket
from deskhand.tickets.models.team import TeamMessage


@dataclass(frozen=True)
class NewPerson:
    """Someone the desk does not know yet."""

    email: str
    name: str


@dataclass(frozen=True)
class StaffTicket:
    """What an agent opens for a contact. A team-only one shows clients nothing until someone writes to them."""

    subject: str
    requester: Contact | NewPerson
    category: Category | None = None
    priority: Priority = Priority.NORMAL
    assignee: Agent | None = None
    is_team_only: bool = False
    tells_client: bool = True
    source: Source = Source.ADMIN
    mailbox_id: int | None = None
    """The mailbox it was written to, where it came by mail."""


@transaction.atomic
def open_for_client(*, ticket: StaffTicket, agent: Agent, first: NewMessage, act: Act) -> Ticket:
    """Open a ticket with its first message and assign it. Sending the same form twice returns the first ticket.

    Raises SubjectNotValid, and NotAContact where the new person's address belongs to someone who works here.
    """
    lock_submission(first.submission_key)
    new = NewTicket(
        subject=ticket.subject,
        requester=_contact(ticket.requester, act),
        author=agent.user,
        source=ticket.source,
        category=ticket.category,
        priority=ticket.priority,
        mailbox_id=ticket.mailbox_id,
        tells_requester=ticket.tells_client,
    )
    opened = (
        _open_for_team(new, agent, first, act) if ticket.is_team_only else open_ticket(ticket=new, first=first, act=act)
    )
    if ticket.assignee is not None:
        set_assignees(ticket_id=opened.pk, agents=[ticket.assignee], act=act)
    return opened


def _contact(requester: Contact | NewPerson, act: Act) -> Contact:
    if isinstance(requester, Contact):
        return requester
    return find_or_create_contact(email=requester.email, name=requester.name, act=act)


def _open_for_team(new: NewTicket, agent: Agent, first: NewMessage, act: Act) -> Ticket:
    subject = checked_subject(new.subject, first)
    if first.submission_key:
        earlier = TeamMessage.objects.filter(author=agent.user, submission_key=first.submission_key).first()
        if earlier is not None:
            return earlier.ticket
    row = new_row(new, subject, act)
    row.is_last_from_client = False  # nobody waits for an answer
    row.save(force_insert=True)
    message = post_team_message(ticket_id=row.pk, agent=agent, new=first, act=act)
    record(TicketOpenedForTeam(subject_id=row.pk, team_message_id=message.pk), act=act)
    return row
