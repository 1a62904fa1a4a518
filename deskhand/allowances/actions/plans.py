"""Plans: starting, ending, granting months, adjusting, topping up."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from deskhand.allowances.actions.locking import locked_plan, require_open
from deskhand.allowances.events import AllowanceAdjusted, AllowanceToppedUp, PlanEnded, PlanStarted
from deskhand.allowances.ledger import Rollover, grants_of
from deskhand.allowances.models import Entry, EntryKind, Overage, Plan
from deskhand.allowances.months import month_of
from deskhand.clients.models import Client
from deskhand.core.changes import put
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


class PlanNotValid(ValueError):
    """The plan's terms do not fit together; the message says which."""


@dataclass(frozen=True)
class NewPlan:
    """The terms of a plan about to start."""

    name: str
    minutes_per_month: int
    starts_on: date
    site: str = ""
    is_unlimited: bool = False
    rollover: Rollover = Rollover.NONE
    cap_minutes: int = 0
    expires_after_months: int = 0
    overage: Overage = Overage.ALLOWED

    def __post_init__(self) -> None:
        if not one_line(self.name):
            raise PlanNotValid("Give the plan a name.")
        if self.minutes_per_month < 0 or (self.minutes_per_month == 0 and not self.is_unlimited):
            raise PlanNotValid("Enter how many minutes a month the plan grants.")
        if self.rollover == Rollover.CAPPED and self.cap_minutes < 1:
            raise PlanNotValid("Enter how many minutes may carry over.")
        if self.rollover == Rollover.EXPIRING and self.expires_after_months < 1:
            raise PlanNotValid("Enter after how many months unused time expires.")


@transaction.atomic
def start_plan(*, client: Client, new: NewPlan, today: date, act: Act) -> Plan:
    """Give a client a plan, and grant every month from its start to that of `today`."""
    plan = Plan.objects.create(
        client=client,
        name=one_line(new.name)[:80],
        site=new.site,
        minutes_per_month=new.minutes_per_month,
        is_unlimited=new.is_unlimited,
        starts_on=new.starts_on,
        rollover=new.rollover,
        cap_minutes=new.cap_minutes,
        expires_after_months=new.expires_after_months,
        overage=new.overage,
        created_at=act.at,
    )
    fact = PlanStarted(subject_id=plan.pk, client_id=client.pk, minutes_per_month=plan.minutes_per_month)
    record(fact, act=act)
    _grant(plan, today=today, act=act)
    return plan


@transaction.atomic
def end_plan(*, plan_id: int, ends_on: date, act: Act) -> None:
    """Let a plan end on a date; months that began by then keep their grant. Raises PlanNotValid before its start."""
    plan = locked_plan(plan_id)
    if ends_on < plan.starts_on:
        raise PlanNotValid(f"The plan starts on {plan.starts_on:%d %B %Y}; it cannot end before.")
    if put(plan, {"ends_on": ends_on}):
        record(PlanEnded(subject_id=plan.pk, ends_on=ends_on.isoformat()), act=act)


@transaction.atomic
def grant_months(*, plan_id: int, today: date, act: Act) -> None:
    """Grant what is due up to the month of `today`; what was granted stays."""
    _grant(locked_plan(plan_id), today=today, act=act)


def _grant(plan: Plan, *, today: date, act: Act) -> None:
    if plan.is_unlimited:
        return
    granted = set(Entry.objects.filter(plan=plan, kind=EntryKind.GRANT).values_list("on", flat=True))
    Entry.objects.bulk_create(
        Entry(plan=plan, kind=EntryKind.GRANT, minutes=minutes, on=month, created_at=act.at)
        for month, minutes in grants_of(plan.terms, until=today).items()
        if month not in granted
    )


class MinutesNotValid(ValueError):
    """The number of minutes or their date makes no sense here; the message says what to enter."""


LATEST_AHEAD = timedelta(days=366)
MOST_MINUTES = 100_000


@transaction.atomic
def adjust(*, plan_id: int, minutes: int, on: date, reason: str, act: Act) -> None:
    """Give (positive) or take (negative) minutes by hand. Raises MinutesNotValid, MonthIsLocked."""
    plan = locked_plan(plan_id)
    _refuse_impossible(plan, minutes, on, act)
    if minutes == 0:
        raise MinutesNotValid("Enter the minutes to add, or with a minus the minutes to take.")
    if not one_line(reason):
        raise MinutesNotValid("Say why, in a few words. The client reads it on the statement.")
    require_open(plan, on)
    _enter(plan, EntryKind.ADJUSTMENT, minutes, on, act, reason=one_line(reason)[:300])
    record(AllowanceAdjusted(subject_id=plan.pk, minutes=minutes, reason=one_line(reason)[:300]), act=act)


@transaction.atomic
def top_up(*, plan_id: int, minutes: int, on: date, expires_on: date | None, act: Act) -> None:
    """Add a block of bought minutes. Raises MinutesNotValid, MonthIsLocked."""
    plan = locked_plan(plan_id)
    _refuse_impossible(plan, minutes, on, act)
    if minutes < 1:
        raise MinutesNotValid("Enter how many minutes were bought.")
    if expires_on is not None and expires_on < on:
        raise MinutesNotValid("The block would expire before it begins. Choose a later date.")
    require_open(plan, on)
    _enter(plan, EntryKind.TOP_UP, minutes, on, act, expires_on=expires_on)
    expiry = expires_on.isoformat() if expires_on else ""
    record(AllowanceToppedUp(subject_id=plan.pk, minutes=minutes, expires_on=expiry), act=act)


def _refuse_impossible(plan: Plan, minutes: int, on: date, act: Act) -> None:
    if plan.is_unlimited:
        raise MinutesNotValid("This plan has no limit, so there is nothing to add to or take from.")
    if abs(minutes) > MOST_MINUTES:
        raise MinutesNotValid(f"At most {MOST_MINUTES // 60} hours at once.")
    if on < month_of(plan.starts_on):
        raise MinutesNotValid(f"The plan starts on {plan.starts_on:%d %B %Y}. Choose a day in or after that month.")
    if on > act.at.date() + LATEST_AHEAD:
        raise MinutesNotValid("Choose a day within the next year.")


def _enter(
    plan: Plan, kind: EntryKind, minutes: int, on: date, act: Act, *, reason: str = "", expires_on: date | None = None
) -> None:
    Entry.objects.create(
        plan=plan,
        kind=kind,
        minutes=minutes,
        on=on,
        expires_on=expires_on,
        reason=reason,
        created_at=act.at,
        created_by_id=act.actor_id,
    )
