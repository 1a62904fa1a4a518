"""Making mail as mail programs do, and taking it in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count

from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.actions.sending import deliver, due_deliveries
from deskhand.mail.models import Door, InboundMail, Mailbox
from tests.cast import NOON

_numbers = count(1)
SUPPORT = "support@desk.example"


def mail(
    text: str = "The checkout stalls.",
    *,
    sender: str = "Cleo Clarke <cleo@acme.example>",
    to: str = SUPPORT,
    subject: str = "Checkout",
    at: datetime = NOON,
    html: str = "",
    files: tuple[tuple[str, str, bytes], ...] = (),
    headers: Mapping[str, str] | None = None,
    **fields: str,
) -> bytes:
    """Return a mail; further keywords are header fields (`in_reply_to` gives In-Reply-To), an empty one removes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{next(_numbers)}.{at:%d%H%M%S}@acme.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    for name, value in {**(headers or {}), **fields}.items():
        del message[name.replace("_", "-")]
        if value:
            message[name.replace("_", "-")] = value
    return message.as_bytes()


class PostOffice:
    """Takes mail in and brings it to its verdict."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def deliver(
        self,
        raw: bytes | None = None,
        *,
        at: datetime = NOON + timedelta(hours=1),
        envelope_from: str = "cleo@acme.example",
        envelope_to: tuple[str, ...] = (SUPPORT,),
    ) -> InboundMail:
        """Receive and process a mail; returns its row."""
        row = receive(
            mail() if raw is None else raw,
            door=Door.LMTP,
            at=at,
            envelope_from=envelope_from,
            envelope_to=envelope_to,
        )
        process_mail(row.pk, now=at)
        return InboundMail.objects.select_related("ticket", "entry").get(pk=row.pk)


def work_off(now: datetime) -> None:
    """Try every delivery that is due, as the workers would."""
    for delivery_id in due_deliveries(now=now):
        deliver(delivery_id, clock=lambda: now)
