"""A plan's ledger month by month, with what was left after each entry. Minutes throughout."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deskhand.allowances.books import settled
from deskhand.allowances.ledger import Month
from deskhand.allowances.models import Entry, EntryKind, MonthLock, Plan
from deskhand.allowances.months import add_months, last_day, month_of

_FACTS = [EntryKind.GRANT, EntryKind.USE, EntryKind.ADJUSTMENT, EntryKind.TOP_UP]
MONTHS_SHOWN = 6


@dataclass(frozen=True)
class LedgerLine:
    """One entry, and what was left after it; below zero is over."""

    kind: EntryKind
    on: date
    minutes: int
    left: int
    reason: str = ""
    ticket_number: int | None = None
    subject: str = ""
    who: str = ""
    """Empty where the desk itself wrote it."""
    expires_on: date | None = None


@dataclass(frozen=True)
class LedgerMonth:
    """A month's lines in order. `brought_in` rolled over, or is left of top-ups of earlier months.

    Of a month that is over the last lines say what went over and what expired; they are entries once the month is
    final, and computed before. What is `left` then is what the next month begins with.
    """

    month: date
    brought_in: int
    lines: tuple[LedgerLine, ...]
    left: int
    is_final: bool
    is_running: bool


@dataclass(frozen=True)
class Ledger:
    """Some months, the newest first, and the month before which older ones stand (None: there are none)."""

    months: tuple[LedgerMonth, ...]
    older_before: date | None


def ledger_of(plan: Plan, *, today: date, before: date | None = None, count: int = MONTHS_SHOWN) -> Ledger:
    """Return `count` months of a plan's ledger up to today's, or up to the one before `before`. Three queries."""
    settlement = settled([plan], until=today)[plan.pk]
    last = min(month_of(today), add_months(before, -1)) if before else month_of(today)
    wanted = [(index, month) for index, month in enumerate(settlement.months) if month.month <= last]
    shown = wanted[-count:]
    if not shown:
        return Ledger((), None)
    entries = _entries(plan, shown[0][1].month, last_day(shown[-1][1].month))
    final = set(MonthLock.objects.final().filter(plan=plan).values_list("month", flat=True))
    months = tuple(
        _ledger_month(
            month,
            top_ups=settlement.months[index - 1].top_up_left if index else 0,
            entries=[entry for entry in entries if month_of(entry.on) == month.month],
            is_final=month.month in final,
            is_running=month.month == month_of(today),
        )
        for index, month in reversed(shown)
    )
    return Ledger(months, shown[0][1].month if len(wanted) > count else None)


def _entries(plan: Plan, first: date, last: date) -> list[Entry]:
    found = Entry.objects.filter(plan=plan, kind__in=_FACTS, on__range=(first, last))
    return list(found.select_related("time_entry__ticket", "created_by").order_by("on", "id"))


def _ledger_month(month: Month, *, top_ups: int, entries: list[Entry], is_final: bool, is_running: bool) -> LedgerMonth:
    brought_in = month.carried_in + top_ups
    lines: list[LedgerLine] = []
    left = brought_in
    for entry in entries:
        left += entry.minutes
        lines.append(_line(entry, left))
    for kind, minutes in [] if is_running else _closing(month):
        left += minutes
        lines.append(LedgerLine(kind, last_day(month.month), minutes, left))
    return LedgerMonth(month.month, brought_in, tuple(lines), left, is_final, is_running)


def _line(entry: Entry, left: int) -> LedgerLine:
    work = entry.time_entry
    return LedgerLine(
        kind=EntryKind(entry.kind),
        on=entry.on,
        minutes=entry.minutes,
        left=left,
        reason=entry.reason or (work.description if work else ""),
        ticket_number=work.ticket.number if work else None,
        subject=work.ticket.subject if work else "",
        who=entry.created_by.name if entry.created_by else "",
        expires_on=entry.expires_on,
    )


def _closing(month: Month) -> Iterator[tuple[EntryKind, int]]:
    if month.overage:
        yield EntryKind.OVERAGE, month.overage
    if month.expired:
        yield EntryKind.EXPIRY, -month.expired
