"""What the settings show of mail that stands in no ticket."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.models import Agent
from deskhand.mail.message import Address
from deskhand.mail.models import InboundMail, Verdict
from deskhand.mail.models.inbound import InboundMailQuerySet
from deskhand.mail.queries.log import Direction, LogCursor, after_cursor

PAGE_SIZE = 50


@dataclass(frozen=True)
class QuarantineRow:
    """One mail, and why it is here."""

    id: int
    received_at: datetime
    sender: str
    subject: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class QuarantinePage:
    """One page of the quarantine."""

    rows: tuple[QuarantineRow, ...]
    next_cursor: LogCursor | None


def held_of(_agent: Agent) -> InboundMailQuerySet:
    """Return mail that is in no ticket because somebody has to decide, for counting; what is refused needs nobody."""
    return InboundMail.objects.in_quarantine().filter(verdict=Verdict.HELD)


def quarantine(*, after: LogCursor | None = None) -> QuarantinePage:
    """Return a page of the quarantine, newest first. One query."""
    mails = InboundMail.objects.without_raw().in_quarantine().filter(after_cursor(after, Direction.IN, "received_at"))
    found = list(mails.order_by("-received_at", "-id")[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    cursor = LogCursor(last.received_at, Direction.IN, last.pk) if last else None
    return QuarantinePage(tuple(map(_row, found[:PAGE_SIZE])), cursor)


def _row(mail: InboundMail) -> QuarantineRow:
    return QuarantineRow(
        id=mail.pk,
        received_at=mail.received_at,
        sender=Address(mail.from_name, mail.from_address or mail.envelope_from).shown or "nobody",
        subject=mail.subject,
        verdict=Verdict(mail.verdict),
        reason=mail.reason,
    )
