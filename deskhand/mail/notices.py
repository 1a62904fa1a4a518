"""Writing automatic mail about a ticket from the texts of the settings. Nothing is sent or stored here."""

from datetime import datetime

from django.conf import settings

from deskhand.accounts.models import Desk
from deskhand.clients.models import Contact
from deskhand.core.text import one_line
from deskhand.mail.addresses import new_message_id, reply_address
from deskhand.mail.composing import named, references_of, sender_address
from deskhand.mail.models import OutboundKind, OutboundMail
from deskhand.mail.rendering import render
from deskhand.mail.texts import EXAMPLE, FIXED_ACKNOWLEDGEMENT, Text, filled
from deskhand.tickets.models import Message, Ticket


def compose_notice(
    kind: OutboundKind, text: Text, ticket: Ticket, *, entry: Message | None, at: datetime
) -> OutboundMail:
    """Return the unsaved automatic mail to the ticket's requester, in reply to what they wrote."""
    person = ticket.requester
    mail = _notice(kind, filled(text, _values(ticket, person)), at=at)
    references = references_of(ticket)
    mail.ticket, mail.entry = ticket, entry
    mail.from_address = sender_address(ticket)
    mail.reply_to = reply_address(ticket.number)
    # A fixed text names nobody: the name came from outside too.
    name = "" if text is FIXED_ACKNOWLEDGEMENT else person.name
    mail.to_addresses, mail.recipients_line = [named(name, person.email)], person.email
    mail.message_id = new_message_id(ticket.number)
    mail.references, mail.in_reply_to = references, references[-1] if references else ""
    return mail


def compose_test(text: Text, *, name: str, address: str, at: datetime) -> OutboundMail:
    """Return the unsaved mail that shows an agent how a text arrives, filled with examples."""
    mail = _notice(OutboundKind.TEST, filled(text, example_values()), at=at)
    mail.from_address = sender_address(None)
    mail.to_addresses, mail.recipients_line = [named(name, address)], address
    mail.message_id = new_message_id(0)
    return mail


def preview(text: Text) -> tuple[str, str]:
    """Return the subject and the HTML of a text, filled with examples."""
    shown = filled(text, example_values())
    return shown.subject, _rendered(shown)[1]


def example_values() -> dict[str, str]:
    """Return the values of the preview, with this desk's own name. One query."""
    return {**EXAMPLE, "desk": Desk.current().name, "address": f"{settings.BASE_URL}/tickets/{EXAMPLE['number']}"}


def _values(ticket: Ticket, person: Contact) -> dict[str, str]:
    return {
        "name": person.user.first_name,
        "number": str(ticket.number),
        "subject": ticket.subject,
        "desk": Desk.current().name,
        "address": f"{settings.BASE_URL}/tickets/{ticket.number}",
    }


def _notice(kind: OutboundKind, text: Text, *, at: datetime) -> OutboundMail:
    plain, html = _rendered(text)
    return OutboundMail(
        kind=kind,
        subject=text.subject,
        from_name=one_line(Desk.current().name)[:200],
        text=plain,
        html=html,
        is_automatic=True,
        created_at=at,
    )


def _rendered(text: Text) -> tuple[str, str]:
    links = [line for line in text.body.split("\n") if line.startswith(f"{settings.BASE_URL}/")]
    context = {
        "subject": text.subject,
        "desk": Desk.current(),
        "body": text.body,
        "paragraphs": [paragraph.split("\n") for paragraph in text.body.split("\n\n") if paragraph.strip()],
        "link": links[0] if links else None,
    }
    return render("notice", context)
