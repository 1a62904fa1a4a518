"""Writing mail into the outbox, in the transaction of what caused it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskhand.accounts.models import SignInLink
from deskhand.core.prepared import insert, rows_of
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.addresses import bounce_address, is_own, own_addresses
from deskhand.mail.composing import compose_reply
from deskhand.mail.events import MailQueued
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    KnownMessageId,
    OutboundKind,
    OutboundMail,
    Seen,
)
from deskhand.mail.notices import compose_invitation, compose_sign_in_link
from deskhand.tickets.models import Message

_LISTED = "SELECT address, reason FROM mail_suppressedaddress WHERE address = ANY(%s)"


@transaction.atomic
def queue_reply(*, message_id: int, act: Act) -> OutboundMail | None:
    """Put a staff message into the outbox for its frozen recipients. None where it has none; once a message."""
    message = Message.objects.select_related("ticket", "author").get(pk=message_id)
    earlier = OutboundMail.objects.filter(entry=message, kind=OutboundKind.REPLY).first()
    if earlier is not None:
        return earlier
    recipients = list(message.recipients.order_by("id"))
    if not recipients:
        return None
    mail = compose_reply(message, recipients)
    insert(mail)
    KnownMessageId.objects.create(message_id=mail.message_id, ticket=message.ticket, seen=Seen.SENT, seen_at=act.at)
    put_in_outbox(mail, [one.address for one in recipients], act=act)
    return mail


@transaction.atomic
def queue_sign_in_link(*, link_id: int, address: str, act: Act) -> OutboundMail:
    """Put the mail with a one-time link into the outbox."""
    link = SignInLink.objects.select_related("user").get(pk=link_id)
    mail = compose_sign_in_link(link, address)
    insert(mail)
    put_in_outbox(mail, [address], act=act)
    return mail


@transaction.atomic
def queue_invitation(*, link_id: int, address: str, inviter: str, act: Act) -> OutboundMail:
    """Put the mail that invites a person by a one-time link into the outbox."""
    link = SignInLink.objects.select_related("user").get(pk=link_id)
    mail = compose_invitation(link, address, inviter=inviter)
    insert(mail)
    put_in_outbox(mail, [address], act=act)
    return mail


def put_in_outbox(mail: OutboundMail, addresses: Sequence[str], *, act: Act) -> None:
    """Write the deliveries of a saved mail and record that it waits; addresses nothing may go to are marked so."""
    own = own_addresses()
    wanted = list(dict.fromkeys(address.lower() for address in addresses))
    listed = rows_of(_LISTED, [wanted])
    refusals = {address: f"Mail to this address came back for good: {reason}" for address, reason in listed}
    refusals |= {address: "This address is the desk's own." for address in wanted if is_own(address, own)}
    rows = [
        insert(
            _suppressed(mail, address, refusals[address], at=act.at)
            if address in refusals
            else Delivery(mail=mail, address=address, next_try_at=act.at)
        )
        for address in wanted
    ]
    waiting = [row for row in rows if row.state == DeliveryState.QUEUED]
    if not mail.is_automatic:
        for row in waiting:
            row.envelope_from = bounce_address(row.pk)
        Delivery.objects.bulk_update(waiting, ["envelope_from"])
    record(MailQueued(subject_id=mail.pk, delivery_ids=[row.pk for row in waiting]), act=act)


def _suppressed(mail: OutboundMail, address: str, words: str, *, at: datetime) -> Delivery:
    return Delivery(
        mail=mail,
        address=address,
        state=DeliveryState.SUPPRESSED,
        server_answer=words,
        settled_at=at,
    )
