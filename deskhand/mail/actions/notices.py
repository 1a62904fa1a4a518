"""Automatic mail to clients, within limits (limits.py) that hold where a machine answers it and every header is lost.

An address that never confirmed to be its person's gets one a day, with a fixed text, so that nobody can make this desk
write to a third party (RFC 3834 §2).
"""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from deskhand.accounts.models import User
from deskhand.core.built import built_once
from deskhand.core.prepared import insert
from deskhand.events import Act, Via
from deskhand.mail.actions.limits import DAY, Allowance
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import Acknowledging, Mailbox, MailSettings, OutboundKind, OutboundMail
from deskhand.mail.notices import (
    TEST_MARK,
    Letter,
    compose_acknowledgement,
    compose_closed,
    compose_fixed_acknowledgement,
    compose_test,
)
from deskhand.mail.previews import preview
from deskhand.mail.shipped import Text
from deskhand.tickets.actions.opening import opening_message
from deskhand.tickets.models import RatingRequest, Ticket, TicketSettings
from deskhand.tickets.queries.mail_choice import people_by_mail


@transaction.atomic(savepoint=False)
def acknowledge(*, message_id: int, act: Act, mailbox: Mailbox | None = None) -> OutboundMail | None:
    """Tell the requester that their first message arrived. None where a rule or a limit keeps it back.

    The caller has made sure that a person wrote it: an auto-reply, a report or a list's mail gets no answer.
    `mailbox`: where it was sent to; it may have a text of its own, or want none.
    """
    if not _acknowledges(mailbox):
        return None
    message = opening_message(message_id)
    address = message.ticket.requester.email
    if not message.is_from_client or not (allowance := Allowance(address, at=act.at)).has_left():
        return None
    is_confirmed, seen_at = _is_confirmed(address), message.ticket.requester.user.seen_at
    may_be_machine = act.via == Via.MAIL and allowance.may_go_in_circles(seen_at=seen_at)
    if allowance.sent_today and (may_be_machine or not is_confirmed):
        return None
    if _sent_about(message.ticket.pk, OutboundKind.ACKNOWLEDGEMENT.value):
        return None
    if not is_confirmed:
        return _queue(compose_fixed_acknowledgement(message.ticket, message, at=act.at), act=act)
    return _queue(compose_acknowledgement(message.ticket, message, own=_own_text(mailbox), at=act.at), act=act)


def _acknowledges(mailbox: Mailbox | None) -> bool:
    if mailbox is None or mailbox.acknowledging == Acknowledging.AS_DESK:
        return MailSettings.current().acknowledges
    return mailbox.acknowledging == Acknowledging.OWN


def _own_text(mailbox: Mailbox | None) -> Text | None:
    if mailbox is None or mailbox.acknowledging != Acknowledging.OWN:
        return None
    return Text(mailbox.acknowledgement_subject, mailbox.acknowledgement_body)


@transaction.atomic
def announce_closing(*, ticket_id: int, act: Act) -> OutboundMail | None:
    """Tell the requester that their ticket was closed, and ask how it was, where the settings and they want it.

    One mail at most, within the limits. Who closed the ticket themselves knows, and rates it where they did.
    """
    asks = _asking()
    if not asks and not MailSettings.current().announces_closing:
        return None
    ticket = Ticket.objects.select_related("requester__user").get(pk=ticket_id)
    person = ticket.requester
    is_own_act = act.actor is not None and act.actor.pk == person.user_id
    if is_own_act or not ticket.last_line or ticket.closed_at is None or person not in people_by_mail(ticket):
        return None
    # An address that never confirmed may be a third party's: it gets no text with what somebody wrote in it.
    if not _is_confirmed(person.email) or not (allowance := Allowance(person.email, at=act.at)).has_left():
        return None
    if act.actor is None and allowance.sent_today:
        return None  # what no person closed may have been opened again by a machine
    told = OutboundMail.objects.filter(ticket=ticket, kind=OutboundKind.CLOSED, created_at__gt=act.at - DAY)
    if told.exists():  # a machine that answers the notice opens the ticket again
        return None
    return _queue(compose_closed(ticket, asks=asks, at=act.at), act=act)


def _asking() -> TicketSettings | None:
    """The settings of tickets where they ask for ratings by mail."""
    now = TicketSettings.current()
    return now if now.rating == RatingRequest.MAIL else None


@transaction.atomic
def send_test(*, letter: Letter, person: User, act: Act) -> OutboundMail:
    """Send a text, filled with examples, to the agent who asked for it; its subject says that it is a test."""
    mail = compose_test(letter, name=person.name, address=person.email, at=act.at)
    subject, mail.text, mail.html = preview(letter)
    mail.subject = TEST_MARK + subject
    insert(mail)
    put_in_outbox(mail, [person.email], act=act)
    return mail


def _queue(mail: OutboundMail, *, act: Act) -> OutboundMail:
    insert(mail)
    # Its Message-ID is not kept among those of the conversation: replies refer to what people wrote, and an answer to
    # this notice is known by the signature in the id.
    put_in_outbox(mail, [mail.recipients_line], act=act)
    return mail


def _is_confirmed(address: str) -> bool:
    """Whether somebody proved to read the mail of this address, by a link that was sent there."""
    return bool(_verified(address))


@built_once
def _verified(address: str) -> QuerySet[EmailAddress]:
    found: QuerySet[EmailAddress] = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return found


@built_once
def _sent_about(ticket_id: int, kind: str) -> QuerySet[OutboundMail]:
    return OutboundMail.objects.filter(ticket=ticket_id, kind=kind).only("pk")[:1]
