"""Which ticket a mail belongs to, in a fixed order; never by its body, an attachment or a bare subject.

First a signed reply address, then In-Reply-To and References (newest first) against the ids this desk sent, received
or saw, then `#1042` in the subject, which counts only for someone who is on that ticket.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.mail.addresses import read_bounce_address, read_message_id, read_reply_address
from deskhand.mail.message import ParsedMail
from deskhand.mail.models import Delivery, KnownMessageId, Seen
from deskhand.mail.parsing.addresses import read_addresses
from deskhand.mail.statements import remember_message_ids
from deskhand.tickets.models import Ticket

ADDRESS_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
REMEMBERED_REFERENCES = 50
_NUMBER = re.compile(r"(?<![\w&])#(\d{1,12})\b")
_RANK = {Seen.SENT: 0, Seen.RECEIVED: 0, Seen.REFERENCED: 1}


class How(StrEnum):
    """By what a ticket was found."""

    ADDRESS = "its reply address"
    MESSAGE_ID = "the mail it answers"
    SUBJECT = "the number in its subject"


@dataclass(frozen=True)
class Match:
    """A ticket a mail belongs to. `agent_id` is set when the reply address was made for that agent alone.

    `is_for_team`: the address, or the notice that is answered, was for the team.
    """

    ticket: Ticket
    how: How
    agent_id: int | None = None
    is_for_team: bool = False


def addresses_of(mail: ParsedMail, envelope_to: Sequence[str]) -> Iterator[str]:
    """Yield every address the mail was sent to, the envelope's first."""
    yield from envelope_to
    for name in ADDRESS_FIELDS:
        for value in mail.headers.get_all(name):
            for one in read_addresses(value, 500):
                yield one.address


def find_match(mail: ParsedMail, envelope_to: Sequence[str]) -> Match | None:
    """Return the ticket the mail's addresses or Message-IDs name. Queries only where one might be ours."""
    return _by_address(mail, envelope_to) or _by_message_id(mail)


def find_by_subject(mail: ParsedMail, contact: Contact) -> Match | None:
    """Return the ticket whose number stands in the subject, if the sender is on it."""
    numbers = [int(number) for number in _NUMBER.findall(mail.subject)]
    if not numbers:
        return None
    found = {ticket.number: ticket for ticket in Ticket.objects.visible_to(contact).filter(number__in=numbers)}
    number = next((number for number in numbers if number in found), None)
    return None if number is None else Match(found[number], How.SUBJECT)


def is_on_ticket(contact: Contact, ticket: Ticket) -> bool:
    """Return whether the contact may write in the ticket: requester, participant, or colleague who sees it."""
    return ticket.is_request_of(contact) or Ticket.objects.visible_to(contact).filter(pk=ticket.pk).exists()


def find_delivery(mail: ParsedMail, envelope_to: Sequence[str]) -> Delivery | None:
    """Return the delivery whose own return address this mail was sent to, or None."""
    for address in addresses_of(mail, envelope_to):
        delivery_id = read_bounce_address(address)
        if delivery_id is not None:
            return Delivery.objects.select_related("mail__ticket").filter(pk=delivery_id).first()
    return None


def remember_ids(mail: ParsedMail, ticket: Ticket, *, at: datetime) -> None:
    """Tie the mail's own id and the ids it names to the ticket, for the answers to come."""
    seen = [(mail.message_id, Seen.RECEIVED)] if mail.message_id else []
    named = dict.fromkeys([*mail.references[-REMEMBERED_REFERENCES:], *mail.in_reply_to])
    seen += [(one, Seen.REFERENCED) for one in named if one != mail.message_id]
    remember_message_ids(seen, ticket_id=ticket.pk, at=at)


def remember_held(mail: ParsedMail, ticket: Ticket, *, at: datetime) -> None:
    """Tie the own id of a mail nobody let in to the ticket, so that what follows it is held there too.

    It counts as one only named, which goes out in no mail; and what such a mail names leads nowhere.
    """
    if mail.message_id:
        remember_message_ids([(mail.message_id, Seen.REFERENCED)], ticket_id=ticket.pk, at=at)


def _by_address(mail: ParsedMail, envelope_to: Sequence[str]) -> Match | None:
    """The ticket of the first address; of one for the team, wherever it stands: what goes there must not go out."""
    tokens = [token for one in addresses_of(mail, envelope_to) if (token := read_reply_address(one)) is not None]
    for token in sorted(tokens, key=lambda one: not one.is_for_team):
        ticket = _numbered(token.ticket_number)
        if ticket is not None:
            return Match(ticket, How.ADDRESS, token.agent_id, token.is_for_team)
    return None


def _by_message_id(mail: ParsedMail) -> Match | None:
    named = list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))
    if not named:
        return None
    known: dict[str, list[KnownMessageId]] = {}
    for row in KnownMessageId.objects.filter(message_id__in=named).select_related("ticket"):
        known.setdefault(row.message_id, []).append(row)
    for one in named:
        if rows := known.get(one):
            best = min(rows, key=lambda row: (_RANK[Seen(row.seen)], -row.pk))
            return Match(best.ticket, How.MESSAGE_ID)
        number = read_message_id(one)
        ticket = _numbered(number) if number else None
        if ticket is not None:
            return Match(ticket, How.MESSAGE_ID)
    return None


def _numbered(number: int) -> Ticket | None:
    """The ticket with what tells who is on it; the rest is read with its row locked, if at all."""
    return next(iter(_with_number(number)), None)


@built_once
def _with_number(number: int) -> QuerySet[Ticket]:
    return Ticket.objects.filter(number=number).only("number", "requester", "client", "last_line")
