"""Opening a ticket, by any door."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.core.prepared import insert, rows_of
from deskhand.core.remembering import remember, remembered
from deskhand.core.text import one_line, shorten
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.conversation import (
    NewMessage,
    freeze_recipients,
    record_posted,
    show_last,
    write_message,
)
from deskhand.tickets.actions.locking import lock_submission
from deskhand.tickets.actions.status import first_status_of
from deskhand.tickets.events import TicketOpened
from deskhand.tickets.models import Category, Kind, Message, Priority, Source, Ticket

SUBJECT_LIMIT = 200


class SubjectNotValid(ValueError):
    """The subject is missing or too long."""


@dataclass(frozen=True)
class NewTicket:
    """What a ticket begins with. `author` is the requester, or who opens it for them: an agent, or `raised_by`."""

    subject: str
    requester: Contact
    author: User
    source: Source
    category: Category | None = None
    priority: Priority = Priority.NORMAL
    needed_by_on: date | None = None
    call_back_phone: str = ""
    """Where to call about a business critical ticket; kept for no other."""
    site: str = ""
    """Which of the client's sites it is about."""
    follow_up_of: Ticket | None = None
    tells_requester: bool = True
    """Whether a message written by staff is sent to the requester."""
    mailbox_id: int | None = None
    """The mailbox it was written to, where it came by mail."""
    raised_by: Contact | None = None
    """The contact who opens it through the portal, perhaps for a colleague; they stay in the conversation."""

    @property
    def is_from_client(self) -> bool:
        """Whether the requester, or a colleague for them, wrote the first message."""
        return self.author.pk == self.requester.user_id or self.raised_by is not None

    @property
    def is_for_colleague(self) -> bool:
        """Whether a contact opens it for another."""
        return self.raised_by is not None and self.raised_by.pk != self.requester.pk


@transaction.atomic
def open_ticket(*, ticket: NewTicket, first: NewMessage, act: Act) -> Ticket:
    """Open a ticket with its first message. Sending the same form twice returns the first ticket.

    Raises SubjectNotValid.
    """
    return open_thread(ticket=ticket, first=first, act=act).ticket


def open_thread(*, ticket: NewTicket, first: NewMessage, act: Act) -> Message:
    """Do what `open_ticket` does in the caller's transaction, and return the first message, its ticket loaded.

    Raises SubjectNotValid.
    """
    subject = checked_subject(ticket.subject, first)
    if (earlier := _already_opened(ticket, first)) is not None:
        return earlier
    row = new_row(ticket, subject, act)
    message = write_message(row, author=ticket.author, is_from_client=ticket.is_from_client, new=first, act=act)
    show_last(row, message)
    insert(row)  # last and once, with all that its first message says
    remember(("opened", row.pk), row)
    remember(("opening message", message.pk), message)
    if not ticket.is_from_client and ticket.tells_requester:
        freeze_recipients(message)
    opened = TicketOpened(
        subject_id=row.pk,
        message_id=message.pk,
        source=ticket.source,
        category_id=row.category_id,
        is_from_client=ticket.is_from_client,
        is_for_colleague=ticket.is_for_colleague,
    )
    record(opened, act=act)
    if ticket.raised_by is not None and ticket.is_for_colleague:
        add_participant(ticket_id=row.pk, contact=ticket.raised_by, act=act)
    record_posted(row, message, act=act, is_opening=True)
    return message


def just_opened(ticket_id: int) -> Ticket:
    """Return the ticket that was opened in this transaction, as its first message left it."""
    return remembered(("opened", ticket_id), lambda: Ticket.objects.get(pk=ticket_id))


def opening_message(message_id: int) -> Message:
    """Return the first message of a ticket, with the ticket and its requester."""
    return remembered(
        ("opening message", message_id),
        lambda: Message.objects.select_related("ticket__requester__user").get(pk=message_id),
    )


def _already_opened(ticket: NewTicket, first: NewMessage) -> Message | None:
    if not first.submission_key or first.is_surely_new:
        return None
    lock_submission(first.submission_key)
    written = Message.objects.filter(author=ticket.author, submission_key=first.submission_key)
    return written.select_related("ticket").first()


def checked_subject(subject: str, first: NewMessage) -> str:
    """Return the subject as it is kept; without one, the message's beginning. Raises SubjectNotValid."""
    flat = one_line(subject) or shorten(first.body.text, 80)
    if not flat:
        raise SubjectNotValid("Give the ticket a subject.")
    if len(flat) > SUBJECT_LIMIT:
        raise SubjectNotValid(f"The subject is {len(flat)} characters long; {SUBJECT_LIMIT} fit.")
    return flat


def new_row(ticket: NewTicket, subject: str, act: Act) -> Ticket:
    """Return the ticket itself, with its id and number, still without any entry and not yet written."""
    ticket_id, number = _next_numbers()
    is_critical = ticket.category is not None and ticket.category.is_business_critical
    return Ticket(
        pk=ticket_id,
        number=number,
        subject=subject,
        status=first_status_of(Kind.OPEN),
        kind=Kind.OPEN,
        client=ticket.requester.client,
        requester=ticket.requester,
        category=ticket.category,
        priority=Priority.URGENT if is_critical else ticket.priority,
        source=ticket.source,
        mailbox_id=ticket.mailbox_id,
        needed_by_on=ticket.needed_by_on,
        call_back_phone=ticket.call_back_phone if is_critical else "",
        site=ticket.site,
        opened_at=act.at,
        queue_at=act.at,
        follow_up_of=ticket.follow_up_of,
    )


def _next_numbers() -> tuple[int, int]:
    ((ticket_id, number),) = rows_of("SELECT nextval('tickets_ticket_id_seq'), nextval('tickets_ticket_number')", ())
    return int(ticket_id), int(number)
