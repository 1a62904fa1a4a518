"""The text of one message for its own frame: mail with a layout of its own."""

from html import escape

from deskhand.clients.models import Contact
from deskhand.tickets.models import Message, Ticket


def framed_body(contact: Contact, number: int, public_id: str) -> str | None:
    """Return the message's cleaned HTML with its own pictures in place, None where the contact may not see it.

    A mail's pictures are named by Content-ID (RFC 2392); each becomes the address of the file that came with it.
    """
    seen = Ticket.objects.visible_to(contact).filter(number=number)
    message = Message.objects.shown_to_clients().filter(ticket__in=seen, public_id=public_id).first()
    if message is None:
        return None
    html = message.html
    for attachment in message.attachments.exclude(content_id="").select_related("file"):
        html = html.replace(f'"cid:{escape(attachment.content_id)}"', f'"{attachment.file.url}/inline"')
    return html
