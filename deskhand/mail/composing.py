"""Writing mail: the text, the HTML and the fields that keep a conversation together. Nothing is sent or stored here."""

import re
from collections.abc import Mapping, Sequence
from email.header import Header
from email.utils import quote
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from deskhand.accounts.models import Agent, Desk
from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.core.html import trusted
from deskhand.core.remembering import remembered
from deskhand.core.text import one_line
from deskhand.mail.addresses import ascii_domain, new_message_id, reply_address
from deskhand.mail.guest_links import online_address
from deskhand.mail.layout import Layout, laid_out
from deskhand.mail.models import InboundMail, KnownMessageId, Mailbox, OutboundKind, OutboundMail, Seen, TextKind
from deskhand.mail.outgoing_files import address_of, files_of, with_outside_addresses
from deskhand.mail.outgoing_quotes import quotes_for
from deskhand.mail.rendering import render
from deskhand.mail.texts import MESSAGE, language_for, text_of, words_in
from deskhand.tickets.models import Message, Recipient, Ticket

LAST_REFERENCES = 20
_REPLY_MARK = re.compile(
    r"^(?:(?:re|aw|antw|antwort|sv|vs|odp|ref|rif|res|ynt|回复|答复)(?:\[\d+\])?\s*[:\uff1a]\s*)+", re.IGNORECASE
)
_PLAIN_NAME = re.compile(r"^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*$")


class SentFrom(NamedTuple):
    """Whom a mail is from: a mailbox and its address, or no mailbox and the address of the configuration."""

    mailbox_id: int | None
    address: str


def compose_reply(message: Message, recipients: Sequence[Recipient]) -> OutboundMail:
    """Return the unsaved mail that carries a staff message to its frozen recipients."""
    ticket = message.ticket
    subject = subject_of(message)
    desk = Desk.current()
    text, html = _rendered_reply(message, subject, recipients, desk)
    references, sender = references_of(ticket), sender_of(ticket)
    return OutboundMail(
        kind=OutboundKind.REPLY,
        ticket=ticket,
        entry=message,
        subject=subject,
        from_name=one_line(f"{message.author.name}, {desk.name}")[:200],
        mailbox_id=sender.mailbox_id,
        from_address=sender.address,
        reply_to=reply_address(ticket.number),
        to_addresses=[named(one.name, one.address) for one in recipients if one.role == Recipient.Role.TO],
        cc_addresses=[named(one.name, one.address) for one in recipients if one.role == Recipient.Role.CC],
        recipients_line=", ".join(one.address for one in recipients),
        message_id=new_message_id(ticket.number),
        in_reply_to=references[-1] if references else "",
        references=references,
        text=text,
        html=html,
        created_at=message.created_at,
    )


def subject_of(message: Message) -> str:
    """Return the subject of every mail of a ticket: the same, with one `Re:` after the first message."""
    ticket = message.ticket
    plain = one_line(_REPLY_MARK.sub("", one_line(ticket.subject)).replace(f"[#{ticket.number}]", ""))
    start = "Re: " if message.position > 1 else ""
    return f"{start}{plain} [#{ticket.number}]"


def named(name: str, address: str) -> str:
    """Return `Name <address>` as a header holds it, the name quoted or encoded where it must be (RFC 2047)."""
    flat, address = one_line(name), ascii_domain(one_line(address))
    if not flat or flat == address:
        return address
    if not flat.isascii():
        flat = Header(flat, "utf-8", maxlinelen=70).encode(linesep="").replace("\n", "")
    elif not _PLAIN_NAME.match(flat):
        flat = f'"{quote(flat)}"'
    return f"{flat} <{address}>"


def _rendered_reply(message: Message, subject: str, recipients: Sequence[Recipient], desk: Desk) -> tuple[str, str]:
    files = files_of(message)
    agent = Agent.objects.filter(user=message.author_id).first()
    linked = [{"name": file.name, "size_bytes": file.size_bytes, "address": address_of(file)} for file in files.linked]
    context = {
        "subject": subject,
        "desk": desk,
        "author": {"name": message.author.name, "title": agent.title if agent else ""},
        "body_text": message.text,
        "body_html": trusted(with_outside_addresses(message.html, files)),
        "attached": files.attached,
        "linked": linked,
        "signature": _signature_of(message.ticket).splitlines(),
        "quotes": quotes_for(message),
    }
    return render("reply", context | _frame_of(message, recipients, desk))


def _frame_of(message: Message, recipients: Sequence[Recipient], desk: Desk) -> dict[str, object]:
    """What stands around an answer, in the language of the person it is addressed to."""
    ticket, addresses = message.ticket, [one.address for one in recipients]
    reader = Contact.objects.with_address(addresses[0]).first()
    language = language_for(reader)
    values = {
        "name": recipients[0].name.split(" ")[0],
        "desk": desk.name,
        "number": str(ticket.number),
        "subject": ticket.subject,
        "agent": message.author.name,
        "address": online_address(ticket, addresses, at=message.created_at),
    }
    before, after = reply_frame(text_of(TextKind.REPLY, language).body, values, language=language)
    return {"before": before, "after": after, "language": language, "words": words_in(language)}


def reply_frame(body: str, values: Mapping[str, str], *, language: str) -> tuple[Layout, Layout]:
    """Return what stands above and below an answer, from the text with `{message}` on a line of its own."""
    lines = body.split("\n")
    at = next(at for at, line in enumerate(lines) if line.strip() == MESSAGE)
    above, below = ("\n".join(part).strip() for part in (lines[:at], lines[at + 1 :]))
    words = words_in(language)
    return (
        laid_out(above, values, kind=TextKind.REPLY, words=words),
        laid_out(below, values, kind=TextKind.REPLY, words=words),
    )


def references_of(ticket: Ticket) -> list[str]:
    """Return the first id of the conversation and the last twenty, oldest first (RFC 5322 §3.6.4)."""
    last = _seen_last(ticket.pk)
    first = _seen_first(ticket.pk) if len(last) == LAST_REFERENCES else []
    return list(dict.fromkeys(one.message_id for one in (*first, *reversed(last))))


@built_once
def _seen_last(ticket_id: int) -> QuerySet[KnownMessageId]:
    return _in_conversation(ticket_id).order_by("-id")[:LAST_REFERENCES]


@built_once
def _seen_first(ticket_id: int) -> QuerySet[KnownMessageId]:
    return _in_conversation(ticket_id).order_by("id")[:1]


def _in_conversation(ticket_id: int) -> QuerySet[KnownMessageId]:
    return KnownMessageId.objects.filter(ticket=ticket_id, seen__in=[Seen.SENT, Seen.RECEIVED])


def sender_of(ticket: Ticket | None) -> SentFrom:
    """Return the mailbox the client wrote to last, else the desk's main address."""
    written_to = _written_to(ticket.pk) if ticket else []
    return SentFrom(*written_to[0]) if written_to else main_sender()


@built_once
def _written_to(ticket_id: int) -> QuerySet[InboundMail, tuple[int, str]]:
    received = InboundMail.objects.filter(ticket=ticket_id, mailbox__is_enabled=True).order_by("-id")
    return received.values_list("mailbox_id", "mailbox__address")[:1]


def _signature_of(ticket: Ticket) -> str:
    """What stands below the replies of the mailbox they are sent from."""
    box = Mailbox.objects.filter(address=sender_of(ticket).address).first()
    return box.signature if box else ""


def main_sender() -> SentFrom:
    """Return the oldest mailbox that takes mail, or the address of the configuration."""
    main = remembered("main mailbox", _main_mailbox)
    return SentFrom(*main[0]) if main else SentFrom(None, settings.MAIL_FROM)


@built_once
def _main_mailbox() -> QuerySet[Mailbox, tuple[int, str]]:
    return Mailbox.objects.enabled().values_list("pk", "address")[:1]
