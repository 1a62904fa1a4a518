"""Messages that clients can read: an agent's reply, a client's reply, accepting a held one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from deskhand.accounts.models import Agent, User
from deskhand.clients.models import Contact
from deskhand.core.prepared import insert, update
from deskhand.core.text import shorten
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.models import File
from deskhand.tickets.actions.attaching import attach
from deskhand.tickets.actions.locking import locked, next_position
from deskhand.tickets.actions.status import put_kind
from deskhand.tickets.actions.unfollowing import follow_again
from deskhand.tickets.bodies import Body, BodyNotValid
from deskhand.tickets.events import MessageAccepted, MessageHeld, MessagePosted
from deskhand.tickets.models import Kind, Message, Recipient, Ticket, TicketSettings
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.queries.authors import others_wrote
from deskhand.tickets.queries.mail_choice import people_by_mail

_KIND_AFTER = {
    AfterReply.AWAIT_CLIENT: Kind.PENDING,
    AfterReply.KEEP_OPEN: Kind.OPEN,
    AfterReply.CLOSE: Kind.CLOSED,
}
_SHOWN_FILE = re.compile(r"/files/([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class NewMessage:
    """What is about to be written: the text, its files, and the form's key that makes sending twice harmless."""

    body: Body
    files: Sequence[File] = field(default_factory=tuple)
    submission_key: str | None = None
    is_surely_new: bool = False
    """The caller holds a lock under which nothing was written for this key yet; nobody need look whether it was."""

    def __post_init__(self) -> None:
        if not self.body.text.strip() and not self.files:
            raise BodyNotValid("Write a message or attach a file first.")


class NewerEntries(Exception):
    """Someone else wrote to the thread after the writer last saw it; `seen` is the position they saw."""

    def __init__(self, seen: int) -> None:
        super().__init__("Someone wrote while you were writing. Read it first, then send.")
        self.seen = seen


class TooLateToReopen(Exception):
    """The ticket was closed too long ago; the reply belongs in a follow-up ticket."""


@transaction.atomic
def reply(
    *,
    ticket_id: int,
    agent: Agent,
    new: NewMessage,
    after: AfterReply,
    act: Act,
    last_seen: int | None = None,
) -> Message:
    """Answer the client. The ticket then awaits them, stays open or closes, as `after` says.

    Recipients are frozen here: those of the requester and the participants who want mail. Sending the same form twice
    returns the first message. Raises NewerEntries when `last_seen` is given and others wrote beyond it.
    """
    ticket = locked(ticket_id)
    if (earlier := _already_sent(agent.user, new)) is not None:
        return earlier
    if last_seen is not None and ticket.entry_count > last_seen and others_wrote(ticket.pk, agent, after=last_seen):
        raise NewerEntries(last_seen)
    message = write_message(ticket, author=agent.user, is_from_client=False, new=new, act=act)
    _send_reply(ticket, message, after, act)
    return message


def _send_reply(ticket: Ticket, message: Message, after: AfterReply, act: Act) -> None:
    freeze_recipients(message)
    if ticket.first_responded_at is None:
        ticket.first_responded_at = act.at
    finish_message(ticket, message, act=act)
    put_kind(ticket, _KIND_AFTER[after], act=act)


@transaction.atomic
def post_client_reply(
    *, ticket_id: int, contact: Contact, new: NewMessage, act: Act, is_auto_reply: bool = False
) -> Message:
    """Write what a contact answered, by any door; the ticket opens again, and is followed again by who writes.

    An auto-reply is kept but changes no status. Raises TooLateToReopen when it was closed too long ago.
    """
    return write_client_reply(ticket_id=ticket_id, contact=contact, new=new, act=act, is_auto_reply=is_auto_reply)


def write_client_reply(
    *, ticket_id: int, contact: Contact, new: NewMessage, act: Act, is_auto_reply: bool = False
) -> Message:
    """Do what `post_client_reply` does in the caller's transaction. Nothing is written before TooLateToReopen."""
    ticket = locked(ticket_id)
    if (earlier := _already_sent(contact.user, new)) is not None:
        return earlier
    if not is_auto_reply and _closed_too_long(ticket, act):
        raise TooLateToReopen
    message = write_message(
        ticket,
        author=contact.user,
        is_from_client=True,
        new=new,
        act=act,
        is_auto_reply=is_auto_reply,
    )
    finish_message(ticket, message, act=act)
    if not is_auto_reply:
        follow_again(ticket, contact, act=act)
        put_kind(ticket, Kind.OPEN, act=act)
    return message


@transaction.atomic
def hold_message(*, ticket_id: int, author: User, new: NewMessage, act: Act, is_from_client: bool = True) -> Message:
    """Keep a message from someone who is not on the ticket, for an agent to accept; clients see nothing of it.

    An agent's mail that nothing proves is held too, with `is_from_client` false. Holding the same mail twice returns
    the first message.
    """
    ticket = locked(ticket_id)
    if (earlier := _already_sent(author, new)) is not None:
        return earlier
    message = write_message(ticket, author=author, is_from_client=is_from_client, new=new, act=act, is_held=True)
    ticket.save(update_fields=["entry_count", "attachment_count"])
    record(MessageHeld(subject_id=ticket.pk, message_id=message.pk), act=act)
    return message


@transaction.atomic
def accept_message(*, ticket_id: int, message_id: int, act: Act) -> None:
    """Let a held message in: clients see it from now on. Accepting twice does nothing.

    A client's message opens the ticket; an agent's is confirmed and goes to the client like any reply by mail.
    """
    ticket = locked(ticket_id)
    message = Message.objects.select_related("author").get(pk=message_id, ticket=ticket)
    if not message.is_held:
        return
    message.is_held = False
    message.save(update_fields=["is_held"])
    if not message.is_from_client:
        _send_reply(ticket, message, AfterReply(TicketSettings.current().after_reply), act)
        return
    show_last(ticket, message)
    ticket.save(update_fields=["is_last_from_client", "last_line", "last_author_name"])
    record(MessageAccepted(subject_id=ticket.pk, message_id=message.pk), act=act)
    put_kind(ticket, Kind.OPEN, act=act)


def _already_sent(author: User, new: NewMessage) -> Message | None:
    if not new.submission_key or new.is_surely_new:
        return None
    return Message.objects.filter(author=author, submission_key=new.submission_key).first()


def _closed_too_long(ticket: Ticket, act: Act) -> bool:
    if ticket.closed_at is None:
        return False
    days = TicketSettings.current().reopen_within_days
    return bool(days) and act.at - ticket.closed_at > timedelta(days=days)


def write_message(
    ticket: Ticket, *, author: User, is_from_client: bool, new: NewMessage, act: Act,
    is_auto_reply: bool = False, is_held: bool = False,
) -> Message:  # fmt: skip
    """Write a message with its files into a locked ticket. The caller finishes the ticket."""
    body = new.body
    message = Message(
        ticket=ticket,
        position=next_position(ticket),
        author=author,
        is_from_client=is_from_client,
        via=act.via,
        document=body.document,
        html=body.html,
        text=body.text,
        quoted_html=body.quoted_html,
        is_auto_reply=is_auto_reply,
        is_held=is_held,
        created_at=act.at,
        submission_key=new.submission_key,
    )
    insert(message)
    inline = frozenset(_SHOWN_FILE.findall(body.html + body.quoted_html))
    attach(ticket, new.files, message=message, act=act, inline=inline)
    return message


def freeze_recipients(message: Message) -> None:
    """Store who the message goes to by mail: the first of those who want it by name, the others in copy."""
    people = people_by_mail(message.ticket)
    addresses = {person.email: person.name for person in reversed(people)}
    Recipient.objects.bulk_create(
        Recipient(message=message, address=address, name=addresses[address], role=role)
        for address, role in _roles(dict.fromkeys(person.email for person in people))
    )


def _roles(addresses: Iterable[str]) -> Iterable[tuple[str, Recipient.Role]]:
    for place, address in enumerate(addresses):
        yield address, Recipient.Role.CC if place else Recipient.Role.TO


def finish_message(ticket: Ticket, message: Message, *, act: Act) -> None:
    """Bring the ticket's list fields up to date after a message and record it."""
    if not message.is_auto_reply:
        show_last(ticket, message)
        ticket.queue_at = act.at
    names = ["entry_count", "attachment_count", "queue_at", "is_last_from_client", "last_line", "last_author_name"]
    update(ticket, [*names, "first_responded_at"])
    record_posted(ticket, message, act=act)


def record_posted(ticket: Ticket, message: Message, *, act: Act, is_opening: bool = False) -> None:
    """Record a message that clients can read, once it and the ticket's list fields are written."""
    fact = MessagePosted(
        subject_id=ticket.pk,
        message_id=message.pk,
        is_from_client=message.is_from_client,
        is_auto_reply=message.is_auto_reply,
        is_opening=is_opening,
    )
    record(fact, act=act)


def show_last(ticket: Ticket, message: Message) -> None:
    """Put the last message clients can read into the ticket's list fields; the caller saves them."""
    ticket.is_last_from_client = message.is_from_client
    ticket.last_line = shorten(message.text, 160) or "(a file)"
    ticket.last_author_name = message.author.name
