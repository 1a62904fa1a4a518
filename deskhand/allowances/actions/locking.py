"""Locks: of a plan's row while something is written, and of months that are final."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction

from deskhand.allowances.books import settled
from deskhand.allowances.events import MonthLocked, MonthReopened
from deskhand.allowances.ledger import Month
from deskhand.allowances.models import AllowanceSettings, Entry, EntryKind, MonthLock, Plan
from deskhand.allowances.months import add_months, last_day, month_of, months_between
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


class MonthIsLocked(ValueError):
    """The month is final; an admin may open it again."""


class ReasonMissing(ValueError):
    """Nobody said why."""


def locked_plan(plan_id: int) -> Plan:
    """Return a plan with its row locked until the transaction ends."""
    return Plan.objects.select_for_update().get(pk=plan_id)


def require_open(plan: Plan, on: date) -> None:
    """Raise MonthIsLocked when the month of `on` is final."""
    if MonthLock.objects.final().filter(plan=plan, month=month_of(on)).exists():
        raise MonthIsLocked(f"{on:%B %Y} is locked: its statement is final. An admin can open it again.")


def months_to_lock(plan: Plan, *, today: date, at: datetime) -> list[date]:
    """Return the months that ended long enough ago and are neither locked nor just reopened, oldest first."""
    days = AllowanceSettings.objects.get(pk=1).lock_after_days
    done = set(MonthLock.objects.kept(at).filter(plan=plan).values_list("month", flat=True))
    months = months_between(plan.starts_on, today)
    return [month for month in months if month not in done and last_day(month) + timedelta(days=days) < today]


CLOSING = [EntryKind.EXPIRY, EntryKind.OVERAGE, EntryKind.ROLLOVER_OUT, EntryKind.ROLLOVER_IN]


@transaction.atomic
def lock_months(*, plan_id: int, today: date, act: Act) -> None:
    """Make final what ended long enough ago; what expired and what rolls over enters the ledger now.

    Where a month was reopened and changed, later final months get the difference in what they began with.
    """
    plan = locked_plan(plan_id)
    months = months_to_lock(plan, today=today, at=act.at)
    if not months:
        return
    for month in months:
        lock = {"locked_at": act.at, "reopened_at": None}
        MonthLock.objects.update_or_create(plan=plan, month=month, defaults=lock)
        record(MonthLocked(subject_id=plan.pk, month=month.isoformat()), act=act)
    settlement = settled([plan], until=today)[plan.pk]
    final = MonthLock.objects.final().filter(plan=plan, month__gte=months[0]).order_by("month")
    for month in final.values_list("month", flat=True):
        Entry.objects.bulk_create(_closing(plan, settlement.month(month), act))


def _closing(plan: Plan, month: Month, act: Act) -> list[Entry]:
    """Return the entries that carry a month to nothing and the next one to what it starts with.

    A month locked again gets only the difference to what an earlier lock wrote.
    """
    end, following = last_day(month.month), add_months(month.month, 1)
    earlier: Counter[tuple[str, date]] = Counter()
    for entry in Entry.objects.filter(plan=plan, on__in=[end, following], kind__in=CLOSING):
        earlier[entry.kind, entry.on] += entry.minutes
    wanted = [
        (EntryKind.EXPIRY, -month.expired, end),
        (EntryKind.OVERAGE, month.overage, end),
        (EntryKind.ROLLOVER_OUT, -month.carried_out, end),
        (EntryKind.ROLLOVER_IN, month.carried_out, following),
    ]
    return [
        Entry(plan=plan, kind=kind, minutes=missing, on=on, created_at=act.at)
        for kind, minutes, on in wanted
        if (missing := minutes - earlier[kind, on])
    ]


@transaction.atomic
def reopen_month(*, plan_id: int, month: date, reason: str, act: Act) -> bool:
    """Open a final month again for a day and return whether it was final. The reason is recorded.

    Raises ReasonMissing.
    """
    plan = locked_plan(plan_id)
    why = one_line(reason)[:300]
    if not why:
        raise ReasonMissing("Say why the month is opened again.")
    was_final = bool(MonthLock.objects.final().filter(plan=plan, month=month).update(reopened_at=act.at))
    if was_final:
        record(MonthReopened(subject_id=plan.pk, month=month.isoformat(), reason=why), act=act)
    return was_final
