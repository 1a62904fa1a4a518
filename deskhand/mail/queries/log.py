"""The mail log: what came in and what went out, newest first, found by any id, address, subject or ticket number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Self

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from deskhand.core.moments import micros_of, moment_of
from deskhand.core.paging import CursorNotValid
from deskhand.mail.message import Address
from deskhand.mail.models import DeliveryState, InboundMail, OutboundMail, Verdict
from deskhand.mail.queries.deliveries import TROUBLES, row_of, worst_of
from deskhand.mail.queries.identifying import came_in_named, went_out_named

PAGE_SIZE = 50
_CURSOR = re.compile(r"^(in|out)\.(\d{1,17})\.(\d{1,18})$", re.ASCII)
_WORDS = re.compile(r"[^\s@.<>\-_+=/#'\\\x00]+")
_MOST_WORDS = 12
_INBOUND_TROUBLES = frozenset({Verdict.FAILED, Verdict.QUARANTINED, Verdict.HELD})


class Direction(StrEnum):
    """Which way a mail went. Where both happened at once, what came in stands above."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class LogCursor:
    """The last row of a page: where the next one goes on."""

    at: datetime
    direction: Direction
    id: int

    def __str__(self) -> str:
        return f"{self.direction}.{micros_of(self.at)}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor written as `str(cursor)`. Raises CursorNotValid."""
        match = _CURSOR.match(text)
        if match is None:
            raise CursorNotValid(text)
        return cls(moment_of(int(match[2])), Direction(match[1]), int(match[3]))


@dataclass(frozen=True)
class LogRow:
    """One mail in the log. `who` is the sender of mail that came in, the recipients of mail that went out."""

    direction: Direction
    id: int
    at: datetime
    who: str
    subject: str
    state: Verdict | DeliveryState
    explanation: str
    ticket_number: int | None
    is_trouble: bool

    @property
    def cursor(self) -> LogCursor:
        """Where the page below this row begins."""
        return LogCursor(self.at, self.direction, self.id)


@dataclass(frozen=True)
class LogPage:
    """One page of the log."""

    rows: tuple[LogRow, ...]
    next_cursor: LogCursor | None


def mail_log(
    *,
    search: str = "",
    direction: Direction | None = None,
    after: LogCursor | None = None,
    limit: int = PAGE_SIZE,
) -> LogPage:
    """Return one page of the log, newest first; every word of `search` must occur, or it is an id.

    Three queries, and a few by indexes where `search` may be an id.
    """
    rows: list[LogRow] = []
    if direction in {None, Direction.IN}:
        rows += _came_in(search, after, limit + 1)
    if direction in {None, Direction.OUT}:
        rows += _went_out(search, after, limit + 1)
    rows.sort(key=lambda row: (row.at, row.direction == Direction.IN, row.id), reverse=True)
    page = tuple(rows[:limit])
    return LogPage(page, page[-1].cursor if len(rows) > limit else None)


def _came_in(search: str, after: LogCursor | None, limit: int) -> list[LogRow]:
    mails = InboundMail.objects.without_raw().filter(
        _holding(search, came_in_named), after_cursor(after, Direction.IN, "received_at")
    )
    return [
        LogRow(
            direction=Direction.IN,
            id=mail.pk,
            at=mail.received_at,
            who=Address(mail.from_name, mail.from_address or mail.envelope_from).shown,
            subject=mail.subject,
            state=Verdict(mail.verdict),
            explanation=mail.reason,
            ticket_number=mail.ticket.number if mail.ticket else None,
            is_trouble=mail.verdict in _INBOUND_TROUBLES,
        )
        for mail in mails.select_related("ticket").order_by("-received_at", "-id")[:limit]
    ]


def _went_out(search: str, after: LogCursor | None, limit: int) -> list[LogRow]:
    mails = OutboundMail.objects.defer("text", "html").filter(
        _holding(search, went_out_named), after_cursor(after, Direction.OUT, "created_at")
    )
    rows = []
    for mail in mails.select_related("ticket").prefetch_related("deliveries").order_by("-created_at", "-id")[:limit]:
        worst = worst_of(row_of(one) for one in mail.deliveries.all())
        state = worst.state if worst else DeliveryState.SUPPRESSED
        rows.append(
            LogRow(
                direction=Direction.OUT,
                id=mail.pk,
                at=mail.created_at,
                who=mail.recipients_line,
                subject=mail.subject,
                state=state,
                explanation=worst.server_answer if worst else "",
                ticket_number=mail.ticket.number if mail.ticket else None,
                is_trouble=state in TROUBLES,
            )
        )
    return rows


def _holding(search: str, named: Callable[[str], Q]) -> Q:
    """Every word occurs, as a beginning, in an address, an id or the subject; or the search names the mail by an id."""
    words = _WORDS.findall(search.lower())[:_MOST_WORDS]
    if not words:
        return Q()
    queries = [SearchQuery(f"'{word}':*", config="simple", search_type="raw") for word in words]
    return Q(words=reduce(and_, queries)) | named(search)


def after_cursor(after: LogCursor | None, direction: Direction, moment: str) -> Q:
    """Return what comes after the cursor: older, or as old and lower in the order of directions and ids."""
    if after is None:
        return Q()
    older = Q(**{f"{moment}__lt": after.at})
    older_or_as_old = Q(**{f"{moment}__lte": after.at})
    if direction == after.direction:
        return older_or_as_old & (older | Q(pk__lt=after.id))
    return older_or_as_old if direction == Direction.OUT else older
