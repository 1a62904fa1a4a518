"""A month of a plan as its statement says it: frozen values, all from the ledger's settlement. Minutes throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deskhand.allowances.books import settled
from deskhand.allowances.ledger import Settlement, Split
from deskhand.allowances.models import Entry, EntryKind, MonthLock, Plan, TimeEntry
from deskhand.allowances.months import add_months, last_day, month_of, months_between
from deskhand.core.durations import duration


class NoStatement(LookupError):
    """The plan has no such month, or not yet."""


@dataclass(frozen=True)
class TicketUse:
    """What a month's work on one ticket came to; without any charged minutes the work was free."""

    number: int
    subject: str
    who: tuple[str, ...]
    last_work_on: date
    used: int
    covered: int
    overage: int


@dataclass(frozen=True)
class GivenMinutes:
    """Minutes given or taken by hand, with the reason, or a block of bought minutes with its last day."""

    on: date
    minutes: int
    reason: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Statement:
    """One month of one plan. What comes in less what was covered goes out.

    granted + carried_in + topped_up + adjusted + overage - used == expired + carried_out. While the month runs,
    `expired` and `carried_out` say what would become of what is left.
    """

    plan_id: int
    plan_name: str
    site: str
    client_name: str
    month: date
    is_unlimited: bool
    is_running: bool
    """Whether the month is not over yet."""
    is_final: bool
    granted: int
    carried_in: int
    """Monthly minutes that rolled over, and top-ups of earlier months."""
    topped_up: int
    adjusted: int
    used: int
    covered: int
    overage: int
    """Work that no minutes covered, and minutes taken by hand that were not there."""
    expired: int
    carried_out: int
    left: int
    tickets: tuple[TicketUse, ...]
    adjustments: tuple[GivenMinutes, ...]
    top_ups: tuple[GivenMinutes, ...]

    @property
    def ends_on(self) -> date:
        """The month's last day."""
        return last_day(self.month)

    @property
    def following(self) -> date:
        """The month after."""
        return add_months(self.month, 1)


def statement_months(plan: Plan, *, today: date) -> list[date]:
    """Return the months a plan has statements of, the newest first. A month is its first day."""
    last = today if plan.ends_on is None else min(today, last_day(plan.ends_on))
    return list(months_between(plan.starts_on, last))[::-1]


def statement_of(plan: Plan, month: date, *, today: date) -> Statement:
    """Return the statement of a month for a plan loaded with its client. Four queries. Raises NoStatement."""
    settlement = settled([plan], until=today)[plan.pk]
    first, current = settlement.months[0].month, month_of(today)
    if not first <= month_of(month) == month <= current:
        raise NoStatement
    work = _work_in(plan, month)
    given = Entry.objects.filter(
        plan=plan, on__range=(month, last_day(month)), kind__in=[EntryKind.ADJUSTMENT, EntryKind.TOP_UP]
    )
    rows = list(given.order_by("on", "id"))
    splits = _unlimited(work) if plan.is_unlimited else settlement.splits
    figures = _figures(settlement, month, work, is_unlimited=plan.is_unlimited)
    return Statement(
        plan_id=plan.pk,
        plan_name=plan.name,
        site=plan.site,
        client_name=plan.client.name,
        month=month,
        is_unlimited=plan.is_unlimited,
        is_running=month == current,
        is_final=MonthLock.objects.final().filter(plan=plan, month=month).exists(),
        tickets=_by_ticket(work, splits),
        adjustments=_given(rows, EntryKind.ADJUSTMENT),
        top_ups=_given(rows, EntryKind.TOP_UP),
        **figures,
    )


def _figures(settlement: Settlement, month: date, work: Sequence[TimeEntry], *, is_unlimited: bool) -> dict[str, int]:
    """Return the sums of a statement by name."""
    settled_month = settlement.month(month)
    earlier = next((one for one in settlement.months if one.month == add_months(month, -1)), None)
    used = sum(entry.charged_minutes for entry in work) if is_unlimited else settled_month.used
    return {
        "granted": settled_month.granted,
        "carried_in": settled_month.carried_in + (earlier.top_up_left if earlier else 0),
        "topped_up": settled_month.topped_up,
        "adjusted": settled_month.adjusted,
        "used": used,
        "covered": used if is_unlimited else settled_month.covered,
        "overage": settled_month.overage,
        "expired": settled_month.expired,
        "carried_out": settled_month.carried_out + settled_month.top_up_left,
        "left": settled_month.left,
    }


def _work_in(plan: Plan, month: date) -> list[TimeEntry]:
    entries = TimeEntry.objects.filter(plan=plan, work_on__range=(month, last_day(month)), deleted_at=None)
    return list(entries.select_related("ticket", "author").order_by("work_on", "id"))


def _unlimited(work: Sequence[TimeEntry]) -> dict[int, Split]:
    return {entry.pk: Split(covered=entry.charged_minutes, overage=0) for entry in work}


def _by_ticket(work: Sequence[TimeEntry], splits: dict[int, Split]) -> tuple[TicketUse, ...]:
    found: dict[int, TicketUse] = {}
    for entry in work:
        split = splits.get(entry.pk, Split(0, 0))
        number = entry.ticket.number
        before = found.get(number) or TicketUse(number, entry.ticket.subject, (), entry.work_on, 0, 0, 0)
        found[number] = TicketUse(
            number=number,
            subject=before.subject,
            who=tuple(dict.fromkeys([*before.who, entry.author.name])),
            last_work_on=max(before.last_work_on, entry.work_on),
            used=before.used + split.covered + split.overage,
            covered=before.covered + split.covered,
            overage=before.overage + split.overage,
        )
    return tuple(sorted(found.values(), key=lambda use: (-use.used, use.number)))


def _given(rows: Sequence[Entry], kind: EntryKind) -> tuple[GivenMinutes, ...]:
    return tuple(GivenMinutes(row.on, row.minutes, row.reason, row.expires_on) for row in rows if row.kind == kind)


def statement_rows(statement: Statement) -> list[list[str | int]]:
    """Return the statement as the rows of a table: what, date, details, minutes, the same in words."""
    title = f"{statement.client_name}: {statement.plan_name}, {statement.month:%B %Y}"
    rows: list[list[str | int]] = [[title], ["What", "Date", "Details", "Minutes", "Time"]]
    rows += [_row(*line) for line in _figures_in_words(statement)]
    for given in statement.adjustments:
        rows.append(_row("Adjustment", given.minutes, given.on, given.reason))
    for given in statement.top_ups:
        until = f"usable until {given.expires_on.isoformat()}" if given.expires_on else "does not expire"
        rows.append(_row("Top-up", given.minutes, given.on, until))
    for use in statement.tickets:
        over = f"; {use.overage} minutes over" if use.overage else ""
        details = f"{use.subject} ({', '.join(use.who)}{over})"
        rows.append(_row(f"Ticket {use.number}", use.used, use.last_work_on, details))
    return rows


def _figures_in_words(statement: Statement) -> list[tuple[str, int]]:
    if statement.is_unlimited:
        return [("Used", statement.used)]
    lines = [
        ("Granted", statement.granted),
        ("Carried in", statement.carried_in),
        ("Topped up", statement.topped_up),
        ("Adjusted", statement.adjusted),
        ("Used", statement.used),
        ("of that covered", statement.covered),
        ("Over the allowance", statement.overage),
    ]
    if statement.is_running:
        return [*lines, ("Left", statement.left)]
    return [*lines, ("Expired", statement.expired), ("Carried over", statement.carried_out)]


def _row(what: str, minutes: int, on: date | None = None, details: str = "") -> list[str | int]:
    return [what, on.isoformat() if on else "", details, minutes, duration(minutes)]
