"""Deciding about a message that came by mail and is held in its ticket; the mail log tells what was decided."""

from django.db import transaction
from django.db.models import QuerySet

from deskhand.events import Act
from deskhand.mail.models import InboundMail, KnownMessageId, Seen, Verdict
from deskhand.tickets.actions import held
from deskhand.tickets.actions.conversation import accept_message
from deskhand.tickets.actions.held import NotHeld
from deskhand.tickets.models import Message


@transaction.atomic
def accept(*, ticket_id: int, message_id: int, act: Act) -> None:
    """Let the message in: a client's is shown, an agent's goes to the client, once. Accepting twice does nothing.

    Raises NotHeld where somebody deleted it meanwhile or kept it for the team.
    """
    mails = _mails(message_id)
    for mail in mails:
        _write_down(mail, Verdict.ENTRY_ADDED, "Accepted.", act)
    try:
        accept_message(ticket_id=ticket_id, message_id=message_id, act=act)
    except Message.DoesNotExist as error:
        raise NotHeld from error
    for mail in mails:  # now part of the conversation, which the next mail that goes out names
        _known_ids(mail).update(seen=Seen.RECEIVED)


@transaction.atomic
def keep_for_team(*, ticket_id: int, message_id: int, act: Act) -> None:
    """Make an agent's message one of the team's, which no client ever gets. Raises NotHeld, NotOfStaff."""
    for mail in _mails(message_id):
        _take_from_ticket(mail)
        _write_down(mail, Verdict.TEAM_MESSAGE, "Kept for the team.", act, "entry")
    held.keep_for_team(ticket_id=ticket_id, message_id=message_id, act=act)


@transaction.atomic
def delete(*, ticket_id: int, message_id: int, act: Act) -> None:
    """Delete the message and the bytes of its mail; the line in the log stays. Raises NotHeld."""
    for mail in _mails(message_id):
        _take_from_ticket(mail)
        InboundMail.objects.filter(duplicate_of=mail).update(raw=b"")
        mail.raw = b""
        _write_down(mail, Verdict.DELETED, "Deleted.", act, "entry", "raw")
    held.delete_held(ticket_id=ticket_id, message_id=message_id, act=act)


def _mails(message_id: int) -> list[InboundMail]:
    """The mail a held message came as, locked; nothing where somebody decided meanwhile."""
    rows = InboundMail.objects.select_for_update(of=("self",)).filter(entry=message_id, verdict=Verdict.HELD)
    return list(rows.without_raw())


def _take_from_ticket(mail: InboundMail) -> None:
    """Forget the entry, and the mail's own id."""
    mail.entry = None
    _known_ids(mail).delete()


def _known_ids(mail: InboundMail) -> QuerySet[KnownMessageId]:
    """The mail's own id as it is tied to its ticket."""
    known = KnownMessageId.objects.filter(ticket=mail.ticket_id, message_id=mail.message_id)
    return known.exclude(seen=Seen.SENT)


def _write_down(mail: InboundMail, verdict: Verdict, done: str, act: Act, *changed: str) -> None:
    mail.verdict, mail.reason, mail.processed_at = verdict, f"{done} {mail.reason}", act.at
    mail.save(update_fields=["verdict", "reason", "processed_at", *changed])
