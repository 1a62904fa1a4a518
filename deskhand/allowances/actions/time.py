"""Logging work, correcting it, taking it back."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.allowances.actions.alerts import tell_crossings
from deskhand.allowances.actions.locking import locked_plan, require_open
from deskhand.allowances.books import settled
from deskhand.allowances.charging import Charging
from deskhand.allowances.events import TimeCorrected, TimeDeleted, TimeLogged
from deskhand.allowances.models import (
    AllowanceSettings,
    Decision,
    Entry,
    EntryKind,
    Estimate,
    Overage,
    Plan,
    TimeEntry,
)
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.models import Ticket

LONGEST_MINUTES = 24 * 60


class TimeNotValid(ValueError):
    """The minutes, the date or the words make no sense; the message says what to enter."""


class AllowanceUsedUp(ValueError):
    """The plan allows no work beyond its minutes."""


class ApprovalNeeded(ValueError):
    """Work beyond the minutes needs the client's approval first."""


@dataclass(frozen=True)
class NewTime:
    """Work about to be logged. `charged_minutes` overrides the rules and then needs a note."""

    work_on: date
    actual_minutes: int
    description: str
    charged_minutes: int | None = None
    charge_note: str = ""
    submission_key: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.actual_minutes <= LONGEST_MINUTES:
            raise TimeNotValid("Enter the time worked, such as 20, 1:15 or 1h 15m; at most a day.")
        if not one_line(self.description):
            raise TimeNotValid("Say in a few words what was done.")
        if self.charged_minutes is not None and not 0 <= self.charged_minutes <= LONGEST_MINUTES:
            raise TimeNotValid("Enter the minutes to charge, 0 or more; at most a day.")
        if self.charged_minutes is not None and not one_line(self.charge_note):
            raise TimeNotValid("Say why you charge other than the rules do.")


@transaction.atomic
def log_time(*, ticket_id: int, agent: Agent, new: NewTime, today: date, act: Act) -> TimeEntry:
    """Log work on a ticket against its client's plan. Sending the same form twice logs once.

    Raises TimeNotValid for a date to come, MonthIsLocked, AllowanceUsedUp, ApprovalNeeded.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if new.submission_key:
        earlier = TimeEntry.objects.filter(author=agent.user, submission_key=new.submission_key).first()
        if earlier is not None:
            return earlier
    _refuse_future(new, today)
    plan = _plan_of(ticket, new.work_on)
    entry = TimeEntry(ticket=ticket, plan=plan, author=agent.user, created_at=act.at, submission_key=new.submission_key)
    _fill(entry, new)
    entry.save()
    if plan is not None:
        _charge(plan, entry, entry.charged_minutes, on=entry.work_on, act=act)
        _require_allowed(plan, entry)
    record(TimeLogged(subject_id=ticket.pk, time_entry_id=entry.pk, minutes=entry.charged_minutes), act=act)
    if plan is not None:
        tell_crossings(plan, on=entry.work_on, act=act)
    return entry


@transaction.atomic
def correct_time(*, entry_id: int, new: NewTime, act: Act) -> TimeEntry:
    """Correct logged work; the ledger gets the old minutes back and takes the new ones.

    Work moved to a day on which its plan does not run goes to the plan that runs then. Raises TimeNotValid for
    deleted work and a date to come, MonthIsLocked, AllowanceUsedUp, ApprovalNeeded.
    """
    entry = TimeEntry.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=entry_id)
    if entry.deleted_at is not None:
        raise TimeNotValid("This was deleted meanwhile. Log it anew if the work was done.")
    _refuse_future(new, act.at.date())
    old_minutes = entry.charged_minutes
    if entry.plan_id is not None:
        _charge(locked_plan(entry.plan_id), entry, -old_minutes, on=entry.work_on, act=act)
    plan = _plan_after(entry, new.work_on)
    _fill(entry, new)
    entry.plan = plan
    entry.save()
    if plan is not None:
        _charge(plan, entry, entry.charged_minutes, on=entry.work_on, act=act)
        _require_allowed(plan, entry)
        tell_crossings(plan, on=entry.work_on, act=act)
    fact = TimeCorrected(
        subject_id=entry.ticket_id, time_entry_id=entry.pk, minutes=entry.charged_minutes, old_minutes=old_minutes
    )
    record(fact, act=act)
    return entry


@transaction.atomic
def delete_time(*, entry_id: int, act: Act) -> None:
    """Take logged work back; deleting twice does nothing. Raises MonthIsLocked."""
    entry = TimeEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    if entry.deleted_at is not None:
        return
    if entry.plan_id is not None:
        _charge(locked_plan(entry.plan_id), entry, -entry.charged_minutes, on=entry.work_on, act=act)
    entry.deleted_at = act.at
    entry.save(update_fields=["deleted_at"])
    fact = TimeDeleted(subject_id=entry.ticket_id, time_entry_id=entry.pk, minutes=entry.charged_minutes)
    record(fact, act=act)


def _refuse_future(new: NewTime, today: date) -> None:
    if new.work_on > today + timedelta(days=1):
        raise TimeNotValid("The work lies in the future. Choose the day it was done.")


def _plan_after(entry: TimeEntry, on: date) -> Plan | None:
    """Return the plan for work that is moved to another day: its own while that runs, else the one that runs then."""
    plan = None if entry.plan_id is None else locked_plan(entry.plan_id)
    if plan is not None and plan.runs_on(on):
        return plan
    return plan if on == entry.work_on else _plan_of(entry.ticket, on)


def _plan_of(ticket: Ticket, on: date) -> Plan | None:
    """Return the plan that pays for the ticket on a date, locked; None without any."""
    plan = Plan.objects.paying_for(ticket, on)
    return None if plan is None else locked_plan(plan.pk)


def _fill(entry: TimeEntry, new: NewTime) -> None:
    entry.work_on = new.work_on
    entry.actual_minutes = new.actual_minutes
    entry.description = one_line(new.description)[:500]
    entry.charge_note = one_line(new.charge_note)[:300]
    by_rule = charging_of(entry.ticket).charge(new.actual_minutes)
    entry.charged_minutes = by_rule if new.charged_minutes is None else new.charged_minutes


def charging_of(ticket: Ticket) -> Charging:
    """Return the rules that charge work on this ticket."""
    settings = AllowanceSettings.objects.get(pk=1)
    is_free = ticket.category_id is not None and settings.free_categories.filter(pk=ticket.category_id).exists()
    return Charging(settings.rounding_minutes, settings.minimum_minutes, is_free=is_free)


def _charge(plan: Plan, entry: TimeEntry, minutes: int, *, on: date, act: Act) -> None:
    require_open(plan, on)
    if minutes and not plan.is_unlimited:
        Entry.objects.create(
            plan=plan,
            kind=EntryKind.USE,
            minutes=-minutes,
            on=on,
            time_entry=entry,
            created_at=act.at,
            created_by_id=act.actor_id,
        )


def _require_allowed(plan: Plan, entry: TimeEntry) -> None:
    """Refuse work over the edge where the plan says so; everything of the transaction is undone then."""
    if plan.overage == Overage.ALLOWED or plan.is_unlimited or not entry.charged_minutes:
        return
    split = settled([plan], until=entry.work_on)[plan.pk].splits[entry.pk]
    if not split.overage:
        return
    if plan.overage == Overage.STOP:
        raise AllowanceUsedUp(f"This goes {split.overage} minutes over, and the plan allows no more work this month.")
    if split.overage > _approved_minutes(entry.ticket):
        raise ApprovalNeeded(f"This goes {split.overage} minutes over. Ask the client to approve the extra time first.")


def _approved_minutes(ticket: Ticket) -> int:
    approved = Estimate.objects.filter(ticket=ticket, decision=Decision.APPROVED)
    return sum(approved.values_list("minutes", flat=True))
