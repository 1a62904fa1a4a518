"""What the settings pages show: hours with a preview, holidays, policies, and the log of recalculations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count

from deskhand.sla.calendars import WorkingCalendar
from deskhand.sla.models import BusinessHours, Holiday, Policy, RecalculatedClock, Recalculation
from deskhand.sla.queries.versions import current_hours
from deskhand.sla.targets import Metric, Target, Unit, due_at
from deskhand.sla.wall_times import Interval
from deskhand.tickets.models import Kind

_LOG_LENGTH = 50


def all_hours() -> list[BusinessHours]:
    """Return the business hours with their openings (`openings.all()`), the default first. Two queries."""
    hours = BusinessHours.objects.filter(archived_at=None).prefetch_related("openings")
    return list(hours.order_by("-is_default", "name"))


def week_of(hours: BusinessHours) -> list[list[Interval]]:
    """Return seven lists of intervals, Monday's first, for a form."""
    week: list[list[Interval]] = [[] for _ in range(7)]
    for opening in sorted(hours.openings.all(), key=lambda opening: opening.starts_minute):
        week[opening.weekday].append(opening.interval)
    return week


def holidays_from(hours_id: int, year: int) -> list[Holiday]:
    """Return the holidays that end in `year` or later, ignored public ones included, in order. One query."""
    return list(Holiday.objects.filter(hours=hours_id, last_on__year__gte=year).in_order())


def all_policies() -> list[Policy]:
    """Return the policies in the order they are tried, with hours, targets and conditions loaded. Five queries."""
    policies = Policy.objects.in_order().select_related("hours")
    return list(policies.prefetch_related("targets", "categories", "clients"))


def form_calendar(*, zone: str, week: Sequence[Sequence[Interval]], hours_id: int | None = None) -> WorkingCalendar:
    """Return the calendar of a form that is not saved yet, with the holidays of `hours_id`.

    Raises HoursOverlap for overlapping hours and KeyError or ValueError for an unknown zone.
    """
    closures = current_hours(hours_id).calendar.closures if hours_id else {}
    return WorkingCalendar(ZoneInfo(zone), tuple(tuple(intervals) for intervals in week), closures)


def preview(calendar: WorkingCalendar, now: datetime, amount: int, unit: Unit) -> datetime:
    """Return when `amount` days or minutes from now are over, in the calendar's zone.

    "8 working hours from now" is 480 working minutes. Raises TargetNotValid, NeverOpen.
    """
    target = Target(Metric.FIRST_RESPONSE, amount, unit, frozenset({Kind.OPEN.value}))
    return due_at(target, calendar, now).astimezone(calendar.zone)


@dataclass(frozen=True)
class RecalculationEntry:
    """One change of hours or policies, and how many clocks it moved."""

    id: int
    reason: str
    made_at: datetime
    made_by: str
    """Empty where the desk itself did it."""
    is_finished: bool
    moved_count: int


@dataclass(frozen=True)
class MovedClock:
    """A clock whose due time a recalculation moved."""

    ticket_id: int
    number: int
    subject: str
    metric: Metric
    old_due_at: datetime
    new_due_at: datetime


def recalculation_log() -> list[RecalculationEntry]:
    """Return the newest recalculations. One query."""
    rows = Recalculation.objects.select_related("made_by").annotate(moved_count=Count("clocks"))
    return [
        RecalculationEntry(
            id=row.pk,
            reason=row.reason,
            made_at=row.made_at,
            made_by=row.made_by.name if row.made_by else "",
            is_finished=row.finished_at is not None,
            moved_count=row.moved_count,
        )
        for row in rows.order_by("-pk")[:_LOG_LENGTH]
    ]


def moved_clocks(recalculation_id: int) -> list[MovedClock]:
    """Return what a recalculation moved, by ticket number. One query."""
    rows = RecalculatedClock.objects.filter(recalculation=recalculation_id).select_related("clock__ticket")
    return [
        MovedClock(
            ticket_id=row.clock.ticket_id,
            number=row.clock.ticket.number,
            subject=row.clock.ticket.subject,
            metric=Metric(row.clock.metric),
            old_due_at=row.old_due_at,
            new_due_at=row.new_due_at,
        )
        for row in rows.order_by("clock__ticket__number", "pk")
    ]
