"""The text of one message for a frame of its own: mail with a layout of its own, as staff may read it."""

from html import escape

from deskhand.tickets.models import Message


def framed_message(ticket_id: int, public_id: str, *, is_quoted: bool = False) -> str | None:
    """Return a message's cleaned HTML with its own pictures in place, or what it quoted; None for an unknown one.

    A mail's pictures are named by Content-ID (RFC 2392); each becomes the address of the file that came with it.
    The caller checked who asks.
    """
    message = Message.objects.filter(ticket=ticket_id, public_id=public_id).first()
    if message is None:
        return None
    html = message.quoted_html if is_quoted else message.html
    for attachment in message.attachments.exclude(content_id="").select_related("file"):
        html = html.replace(f'"cid:{escape(attachment.content_id)}"', f'"{attachment.file.url}/inline"')
    return html
