"""Logged time by day, as lists and files show it. Minutes throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.models import MonthLock, TimeEntry
from deskhand.core.built import built_once
from deskhand.core.shapes import Fixed
from deskhand.tickets.models import Ticket

ROWS_SHOWN = 500
ROWS_IN_A_FILE = 50_000


@dataclass(frozen=True)
class TimeFilter:
    """Which time is asked for: days, both included, and optionally whose, for which client, on which ticket."""

    first: date
    last: date
    agent: Agent | None = None
    client_id: int | None = None
    ticket_number: int | None = None


@dataclass(frozen=True)
class TimeRow:
    """Work on one ticket on one day."""

    public_id: str
    work_on: date
    ticket_number: int
    subject: str
    client_name: str
    client_public_id: str
    author: str
    author_key: str
    author_picture: str
    description: str
    actual: int
    charged: int
    charge_note: str
    is_locked: bool
    may_change: bool


@dataclass(frozen=True)
class TimeDay:
    """A day's work and what it adds up to."""

    on: date
    rows: tuple[TimeRow, ...]

    @property
    def actual(self) -> int:
        """Worked."""
        return sum(row.actual for row in self.rows)

    @property
    def charged(self) -> int:
        """Charged."""
        return sum(row.charged for row in self.rows)


@dataclass(frozen=True)
class TimeLog:
    """The days with work, the newest first; totals of everything asked for, also of what is cut off."""

    days: tuple[TimeDay, ...]
    actual: int
    charged: int
    is_cut: bool

    @property
    def rows(self) -> list[TimeRow]:
        """Every row."""
        return [row for day in self.days for row in day.rows]


class TimeLogQuery:
    """Time on tickets the viewer sees; their own alone without the right to see figures."""

    def __init__(self, viewer: Agent) -> None:
        self.viewer = viewer
        self.sees_all = viewer.may(Permission.ALLOWANCES_VIEW)
        self.manages = viewer.may(Permission.ALLOWANCES_MANAGE)
        self.logs = viewer.may(Permission.TIME_LOG)

    def log(self, asked: TimeFilter, *, limit: int = ROWS_SHOWN) -> TimeLog:
        """Return what was asked for. One query; two where more is found than the limit."""
        whose = asked.agent.user_id if asked.agent else None
        given = (self.viewer, asked.first, asked.last, whose, asked.client_id, asked.ticket_number)
        rows = [self._row(entry) for entry in _rows(*given, Fixed(limit + 1))]
        is_cut = len(rows) > limit
        actual, charged = _totals(_found(*given)) if is_cut else _sums(rows)
        days = groupby(rows[:limit], key=lambda row: row.work_on)
        return TimeLog(tuple(TimeDay(on, tuple(of_day)) for on, of_day in days), actual, charged, is_cut)

    def entry(self, public_id: str) -> TimeEntry | None:
        """Return an entry the viewer may change, also a deleted one; None for any other. One query."""
        entries = _seen_by(self.viewer)
        entries = entries if self.manages else entries.filter(author=self.viewer.user)
        found = entries.filter(public_id=public_id) if self.manages or self.logs else entries.none()
        return found.select_related("ticket__client", "author", "plan").first()

    def _row(self, entry: TimeEntry) -> TimeRow:
        client, is_locked = entry.ticket.client, bool(vars(entry)["is_locked"])
        is_own = entry.author_id == self.viewer.user_id
        return TimeRow(
            public_id=entry.public_id,
            work_on=entry.work_on,
            ticket_number=entry.ticket.number,
            subject=entry.ticket.subject,
            client_name=client.name if client else "",
            client_public_id=client.public_id if client else "",
            author=entry.author.name,
            author_key=entry.author.email,
            author_picture=entry.author.picture_key,
            description=entry.description,
            actual=entry.actual_minutes,
            charged=entry.charged_minutes,
            charge_note=entry.charge_note,
            is_locked=is_locked,
            may_change=not is_locked and (self.manages or (is_own and self.logs)),
        )


def _seen_by(viewer: Agent) -> QuerySet[TimeEntry]:
    entries = TimeEntry.objects.filter(ticket__in=Ticket.objects.visible_to(viewer))
    return entries if viewer.may(Permission.ALLOWANCES_VIEW) else entries.filter(author=viewer.user)


def _found(
    viewer: Agent, first: date, last: date, author_id: int | None, client_id: int | None, ticket_number: int | None
) -> QuerySet[TimeEntry]:
    asked = {"author": author_id, "ticket__client": client_id, "ticket__number": ticket_number}
    given = {name: value for name, value in asked.items() if value is not None}
    return _seen_by(viewer).filter(deleted_at=None, work_on__range=(first, last), **given)


@built_once
def _rows(
    viewer: Agent,
    first: date,
    last: date,
    author_id: int | None,
    client_id: int | None,
    ticket_number: int | None,
    limit: int,
) -> QuerySet[TimeEntry]:
    found = _found(viewer, first, last, author_id, client_id, ticket_number)
    locks = MonthLock.objects.final().filter(plan=OuterRef("plan"), month=OuterRef("month"))
    shown = found.select_related("ticket__client", "author").defer("ticket__subject_words")
    entries = shown.annotate(month=TruncMonth("work_on"), is_locked=Exists(locks))
    return entries.order_by("-work_on", "-id")[:limit]


def _sums(rows: Sequence[TimeRow]) -> tuple[int, int]:
    return sum(row.actual for row in rows), sum(row.charged for row in rows)


def _totals(found: QuerySet[TimeEntry]) -> tuple[int, int]:
    totals = found.aggregate(actual=Sum("actual_minutes"), charged=Sum("charged_minutes"))
    return int(totals["actual"] or 0), int(totals["charged"] or 0)


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def time_rows(log: TimeLog, *, with_charged: bool) -> list[list[str | int]]:
    """Return a time log as the rows of a table, the oldest first."""
    head: list[str | int] = ["Date", "Agent", "Client", "Ticket", "Subject", "What was done", "Minutes worked"]
    rows = [[*head, "Minutes charged", "Why charged so"] if with_charged else head]
    for row in reversed(log.rows):
        cells: list[str | int] = [row.work_on.isoformat(), row.author, row.client_name, row.ticket_number]
        cells += [row.subject, row.description, row.actual]
        rows.append([*cells, row.charged, row.charge_note] if with_charged else cells)
    return rows
