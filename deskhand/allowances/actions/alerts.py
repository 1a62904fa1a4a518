"""Telling when a month runs out: each threshold once, several crossed at once in one fact."""

from datetime import date

from deskhand.allowances.books import settled
from deskhand.allowances.events import AllowanceRunningOut
from deskhand.allowances.models import Alert, Plan
from deskhand.allowances.months import month_of
from deskhand.events import Act
from deskhand.events.recording import record

THRESHOLDS = (80, 95, 100)


def tell_crossings(plan: Plan, *, on: date, act: Act) -> None:
    """Record which thresholds the month of `on` has newly crossed; the plan's row is locked by the caller."""
    if plan.is_unlimited:
        return
    month = settled([plan], until=on)[plan.pk].month(month_of(on))
    told = set(Alert.objects.filter(plan=plan, month=month.month).values_list("percent", flat=True))
    crossed = [
        percent for percent in THRESHOLDS if percent not in told and month.used * 100 >= month.allowance * percent
    ]
    if not crossed or not month.used:
        return
    Alert.objects.bulk_create(
        Alert(plan=plan, month=month.month, percent=percent, told_at=act.at) for percent in crossed
    )
    fact = AllowanceRunningOut(
        subject_id=plan.pk,
        month=month.month.isoformat(),
        percents=crossed,
        used_minutes=month.used,
        allowance_minutes=month.allowance,
    )
    record(fact, act=act)
