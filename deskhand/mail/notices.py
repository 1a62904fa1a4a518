"""Writing mail from the texts of the settings. Nothing is sent or stored here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from deskhand.accounts.actions.signing_in import LIFETIME, token_of
from deskhand.accounts.addresses import base_for
from deskhand.accounts.models import Desk, SignInLink
from deskhand.allowances.estimates import Outlook
from deskhand.allowances.models import Estimate
from deskhand.clients.models import Contact
from deskhand.core.text import one_line
from deskhand.mail.addresses import new_message_id, reply_address
from deskhand.mail.composing import main_sender, named, references_of, sender_of
from deskhand.mail.guest_links import approval_address, online_address, rating_address
from deskhand.mail.layout import laid_out, shows_address_too
from deskhand.mail.models import OutboundKind, OutboundMail, TextKind
from deskhand.mail.rendering import render
from deskhand.mail.shipped import Text
from deskhand.mail.texts import fill, fixed_acknowledgement, language_for, text_of, words_in
from deskhand.tickets.models import Message, Ticket, TicketSettings, Verdict

TEST_MARK = "[Test] "
"""Begins the subject of what is sent to try something out, so that nobody takes it for mail about a ticket."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A text about to be filled in, and what for: it says everything of a mail but who gets it."""

    kind: TextKind
    text: Text
    language: str
    values: Mapping[str, str]


def compose_acknowledgement(ticket: Ticket, entry: Message, *, own: Text | None, at: datetime) -> OutboundMail:
    """Return the unsaved answer to a first message. `own`: the text of the mailbox it came to, where it has one."""
    person = ticket.requester
    language = language_for(person)
    text = own or text_of(TextKind.ACKNOWLEDGEMENT, language)
    values = ticket_values(ticket, person, at=at)
    letter = Letter(kind=TextKind.ACKNOWLEDGEMENT, text=text, language=language, values=values)
    mail = _to(person.name, person.email, letter, OutboundKind.ACKNOWLEDGEMENT, at=at)
    mail.entry = entry
    return _about(mail, ticket)


def compose_fixed_acknowledgement(ticket: Ticket, entry: Message, *, at: datetime) -> OutboundMail:
    """Return the unsaved answer to an address that never confirmed. It names nobody: the name came from outside too."""
    values = {"number": str(ticket.number), "desk": Desk.current().name}
    kind, text = TextKind.ACKNOWLEDGEMENT, fixed_acknowledgement()
    letter = Letter(kind=kind, text=text, language=language_for(None), values=values)
    mail = _to("", ticket.requester.email, letter, OutboundKind.ACKNOWLEDGEMENT, at=at)
    mail.entry = entry
    return _about(mail, ticket)


def compose_closed(ticket: Ticket, *, asks: TicketSettings | None, at: datetime) -> OutboundMail:
    """Return the unsaved notice that a ticket was closed; with `asks` it also asks for a rating."""
    person = ticket.requester
    kind = TextKind.RATING if asks else TextKind.CLOSED
    values = ticket_values(ticket, person, at=at)
    if asks:
        values |= {str(one): rating_address(ticket, person, one, days=asks.rating_days) for one in Verdict}
    mail = _to(person.name, person.email, letter_for(kind, person, values), OutboundKind.CLOSED, at=at)
    return _about(mail, ticket)


def compose_approval(estimate: Estimate, contact: Contact, outlook: Outlook | None, *, at: datetime) -> OutboundMail:
    """Return the unsaved question whether extra work may be done, with the contact's own link to decide."""
    ticket = estimate.ticket
    words = words_in(language_for(contact))
    said = []
    if outlook is not None:
        over = words.over_after.format(over=words.length(outlook.over_after))
        after = words.left_after.format(left=words.length(outlook.left_after))
        said = [words.left_now.format(left=words.length(outlook.left)), over if outlook.over_after else after]
    values = ticket_values(ticket, contact, at=at) | {
        "agent": estimate.asked_by.name,
        "time": words.length(estimate.minutes),
        "work": estimate.description,
        "allowance": " ".join(said),
        "address": approval_address(estimate, contact, at=at),
    }
    letter = letter_for(TextKind.APPROVAL, contact, values)
    return _about(_to(contact.name, contact.email, letter, OutboundKind.APPROVAL, at=at), ticket)


def compose_sign_in_link(link: SignInLink, address: str) -> OutboundMail:
    """Return the unsaved mail that brings a one-time link to `address`."""
    return _with_link(link, address, TextKind.SIGN_IN_LINK, OutboundKind.SIGN_IN_LINK, {})


def compose_invitation(link: SignInLink, address: str, *, inviter: str) -> OutboundMail:
    """Return the unsaved mail that invites a person into the portal by a one-time link."""
    values = {"inviter": inviter, "sign_in": settings.PORTAL_URL + reverse("web:sign_in")}
    return _with_link(link, address, TextKind.INVITATION, OutboundKind.INVITATION, values)


def compose_notice(
    kind: OutboundKind, letter: Letter, contact: Contact, *, ticket: Ticket | None, at: datetime
) -> OutboundMail:
    """Return any unsaved automatic mail to a contact, part of the ticket's conversation where it is about one."""
    mail = _to(contact.name, contact.email, letter, kind, at=at)
    return _about(mail, ticket) if ticket else mail


def compose_test(letter: Letter, *, name: str, address: str, at: datetime) -> OutboundMail:
    """Return the unsaved mail that shows an agent how a text arrives."""
    return _to(name, address, letter, OutboundKind.TEST, at=at)


def letter_for(kind: TextKind, contact: Contact | None, values: Mapping[str, str]) -> Letter:
    """Return the text as it is now in the contact's language, with its values."""
    language = language_for(contact)
    return Letter(kind=kind, text=text_of(kind, language), language=language, values=values)


def ticket_values(ticket: Ticket, person: Contact, *, at: datetime) -> dict[str, str]:
    """Return what every text about a ticket may name."""
    return person_values(person) | {
        "number": str(ticket.number),
        "subject": ticket.subject,
        "address": online_address(ticket, [person.email], at=at),
    }


def person_values(person: Contact) -> dict[str, str]:
    """Return what every text may name."""
    return {"name": person.user.first_name, "desk": Desk.current().name}


def rendered(letter: Letter) -> tuple[str, str, str]:
    """Return the subject, the plain text and the HTML of a letter."""
    words = words_in(letter.language)
    layout = laid_out(letter.text.body, letter.values, kind=letter.kind, words=words)
    subject = one_line(fill(letter.text.subject, letter.values))
    context = {
        "subject": subject,
        "desk": Desk.current(),
        "layout": layout,
        "copied": layout.first_button if shows_address_too(letter.kind) else None,
        "language": letter.language,
        "words": words,
    }
    return subject, *render("notice", context)


def _with_link(
    link: SignInLink, address: str, kind: TextKind, outbound: OutboundKind, more: Mapping[str, str]
) -> OutboundMail:
    contact = Contact.objects.filter(user=link.user_id).first()
    values = {
        "name": link.user.first_name,
        "desk": Desk.current().name,
        "minutes": str(int(LIFETIME.total_seconds() // 60)),
        "address": base_for(link.user) + reverse("web:sign_in_link", args=[token_of(link)]),
        **more,
    }
    mail = _to(link.user.name, address, letter_for(kind, contact, values), outbound, at=link.created_at)
    mail.is_secret = True
    return mail


def _to(name: str, address: str, letter: Letter, kind: OutboundKind, *, at: datetime) -> OutboundMail:
    subject, plain, html = rendered(letter)
    sender = main_sender()
    return OutboundMail(
        kind=kind,
        subject=subject,
        from_name=one_line(Desk.current().name)[:200],
        mailbox_id=sender.mailbox_id,
        from_address=sender.address,
        to_addresses=[named(name, address)],
        recipients_line=address,
        message_id=new_message_id(0),
        text=plain,
        html=html,
        is_automatic=True,
        created_at=at,
    )


def _about(mail: OutboundMail, ticket: Ticket) -> OutboundMail:
    """Make a mail part of the ticket's conversation: it comes from its mailbox, and answers lead into it."""
    references = references_of(ticket)
    mail.ticket = ticket
    mail.mailbox_id, mail.from_address = sender_of(ticket)
    mail.reply_to = reply_address(ticket.number)
    mail.message_id = new_message_id(ticket.number)
    mail.references, mail.in_reply_to = references, references[-1] if references else ""
    return mail
