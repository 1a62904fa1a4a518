"""Mail that an agent forwarded to the desk: a ticket of the team's, until someone says who asked."""

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction

from deskhand.accounts.models import Agent, User
from deskhand.clients.actions.people import NotAContact, contact_of_agent, find_or_create_contact
from deskhand.core.text import storable
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.files.actions.storing import store_bytes
from deskhand.mail.addresses import is_own, own_addresses
from deskhand.mail.entries import entry_of, subject_of
from deskhand.mail.events import ForwardedSenderDecided
from deskhand.mail.models import ForwardedSender, InboundMail, KnownMessageId, Seen
from deskhand.mail.parsing import ParsedMail, parse
from deskhand.mail.passed_on import PassedOn, passed_on
from deskhand.mail.reading import EMPTY_MAIL, Reading, read
from deskhand.mail.routing import REMEMBERED_REFERENCES
from deskhand.tickets.actions.conversation import NewMessage, post_client_reply
from deskhand.tickets.actions.opening_by_staff import StaffTicket, open_for_client
from deskhand.tickets.actions.requester import change_requester
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Source, Ticket


class AlreadyDecided(ValueError):
    """Someone decided meanwhile."""

    def __init__(self) -> None:
        super().__init__("Somebody decided that meanwhile. Load the page again.")


class SenderWorksHere(ValueError):
    """The sender became one of the staff meanwhile."""


def find_passed_on(mail: ParsedMail) -> PassedOn | None:
    """Return the mail of an outsider that this one forwards. Three queries at most, none where it forwards nothing."""
    found = passed_on(mail)
    if found is None or is_own(found.sender.address, own_addresses()):
        return None
    owner = User.objects.with_address(found.sender.address).filter(agent__isnull=False)
    return None if owner.exists() else found


@transaction.atomic
def open_passed_on(mail: InboundMail, reading: Reading, found: PassedOn | None, *, agent: Agent, act: Act) -> Ticket:
    """Open a ticket that clients see nothing of, with the agent as requester, and offer the sender as one.

    `found` is None for a mail that forwards nothing: then nobody is offered.
    """
    parsed = reading.mail
    whole = entry_of(reading, key=f"mail:{mail.pk}", act=act)
    first = replace(whole, body=from_text(storable(parsed.text).strip() or EMPTY_MAIL))
    ticket = StaffTicket(
        subject=(found.subject.strip()[:200] if found else "") or subject_of(parsed),
        requester=contact_of_agent(agent, act=act),
        category=mail.mailbox.category if mail.mailbox else None,
        assignee=agent,
        is_team_only=True,
        source=Source.EMAIL,
        mailbox_id=mail.mailbox_id,
    )
    opened = open_for_client(ticket=ticket, agent=agent, first=first, act=act)
    if found is not None:
        offered = {"mail": mail, "address": found.sender.address, "name": found.sender.name}
        ForwardedSender.objects.get_or_create(ticket=opened, defaults=offered)
    return opened


@transaction.atomic
def accept_sender(*, ticket_id: int, act: Act, chosen: Collection[int] = ()) -> str:
    """Make the sender of the forwarded mail the requester, and the mail their message; returns their name.

    What the agent wrote around it stays with the team, and so do the files of the agent's own mail but those at the
    `chosen` places among them. Raises AlreadyDecided, SenderWorksHere and AlreadyShared.
    """
    offer = _undecided(ticket_id)
    try:
        contact = find_or_create_contact(email=offer.address, name=offer.name, act=act)
    except NotAContact as error:
        raise SenderWorksHere(str(error)) from error
    parsed = parse(bytes(offer.mail.raw))
    found = passed_on(parsed)
    change_requester(ticket_id=ticket_id, contact=contact, act=act)
    new = _message(offer, found, chosen, act)
    post_client_reply(ticket_id=ticket_id, contact=contact, new=new, act=act)
    _remember(offer, parsed, found, act)
    _decide(offer, is_accepted=True, act=act)
    return contact.name


@transaction.atomic
def refuse_sender(*, ticket_id: int, act: Act) -> None:
    """Leave the ticket with the agent who forwarded the mail. Raises AlreadyDecided."""
    _decide(_undecided(ticket_id), is_accepted=False, act=act)


def _undecided(ticket_id: int) -> ForwardedSender:
    offers = ForwardedSender.objects.select_for_update(of=("self",)).select_related("mail")
    offer = offers.filter(ticket=ticket_id, decided_at=None).first()
    if offer is None:
        raise AlreadyDecided
    return offer


def _decide(offer: ForwardedSender, *, is_accepted: bool, act: Act) -> None:
    offer.decided_at, offer.is_accepted = act.at, is_accepted
    offer.save(update_fields=["decided_at", "is_accepted"])
    fact = ForwardedSenderDecided(subject_id=offer.ticket_id, address=offer.address, is_accepted=is_accepted)
    record(fact, act=act)


def _message(offer: ForwardedSender, found: PassedOn | None, chosen: Collection[int], act: Act) -> NewMessage:
    """What the sender wrote, as far as the forwarded mail holds it."""
    key = f"forwarded:{offer.mail_id}"
    if found is not None and found.original:
        return entry_of(read(found.original), key=key, act=act)
    text = storable(found.text).strip() if found else ""
    taken = [one for at, one in enumerate(found.files) if at in chosen] if found else []
    files = [store_bytes(content=one.content, name=one.name, act=act) for one in taken]
    return NewMessage(body=from_text(text or EMPTY_MAIL), files=files, submission_key=key)


def _remember(offer: ForwardedSender, parsed: ParsedMail, found: PassedOn | None, act: Act) -> None:
    """Tie what the sender writes on, to the mail that was forwarded, to this ticket."""
    inner = parse(found.original) if found and found.original else None
    named = [*([inner.message_id] if inner else []), *parsed.references[-REMEMBERED_REFERENCES:], *parsed.in_reply_to]
    rows = [
        KnownMessageId(message_id=one, ticket_id=offer.ticket_id, seen=Seen.REFERENCED, seen_at=act.at)
        for one in dict.fromkeys(named)
        if one
    ]
    KnownMessageId.objects.bulk_create(rows, ignore_conflicts=True)
