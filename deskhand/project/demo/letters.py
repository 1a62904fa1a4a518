"""Mail that reached the demo's desk: each one taken in and judged as one from a mail server is."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from deskhand.events import Act, Via
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import store
from deskhand.mail.models import Door, InboundMail
from deskhand.project.demo.people import Company
from deskhand.tickets.actions.status import set_status
from deskhand.tickets.models import Kind, Status

SUPPORT = "support@harbourpine.example"
OFFERS = [
    (
        "Rank Rocket",
        "hello@rankrocket.example",
        "Your website is invisible (17 errors found)",
        "Dear owner, we have checked your website and found 17 critical errors. Reply with YES for a free report.",
        6.2,
    ),
    (
        "Prize Desk",
        "winner@prizedesk.example",
        "Final notice: your reward expires today",
        "Congratulations! You have been chosen. Confirm your address within 24 hours.",
        2.4,
    ),
    (
        "Ledger Loans",
        "office@ledgerloans.example",
        "Approved: working capital for your agency",
        "Good day, your agency is approved for working capital without any security. Shall I send the papers?",
        0.9,
    ),
]
"""Name, address, subject, words, and how many days ago."""
AGAIN = (
    "Rank Rocket",
    "hello@rankrocket.example",
    "Did you see our report?",
    "We have kept your place until Friday.",
    1.3,
)


def take_in(name: str, address: str, subject: str, text: str, *, at: datetime) -> InboundMail:
    """Take in a mail to the desk's main address, and return it with its verdict."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = formataddr((name, address)), SUPPORT, subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{address}>"
    letter.set_content(text)
    row = store(bytes(letter), door=Door.LMTP, at=at, envelope_from=address, envelope_to=[SUPPORT])
    process_mail(row.pk, now=at)
    return InboundMail.objects.select_related("ticket").get(pk=row.pk)


def junk(company: Company, *, now: datetime) -> None:
    """Let strangers write, Lena say that it is spam, and one of them write again, which is then rejected."""
    spam = Status.objects.filter(kind=Kind.SPAM).earliest("position", "id")
    for name, address, subject, text, days in OFFERS:
        at = now - timedelta(days=days)
        ticket = take_in(name, address, subject, text, at=at).ticket
        if ticket is not None:
            act = Act(actor=company.agents["lena"].user, at=at + timedelta(minutes=35), via=Via.WORKSPACE)
            set_status(ticket_id=ticket.pk, status=spam, act=act)
    name, address, subject, text, days = AGAIN
    take_in(name, address, subject, text, at=now - timedelta(days=days))
