"""What the portal tells clients: by when a person answers, and when the office is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from deskhand.clients.models import Client
from deskhand.core.built import built_once
from deskhand.core.conditions import is_among
from deskhand.sla.calendars import WorkingCalendar
from deskhand.sla.models import Clock
from deskhand.sla.queries.versions import current_hours, default_hours, policy_for
from deskhand.sla.targets import Metric, Unit, due_at
from deskhand.sla.working_days import SkippedDay, skipped_days, why_skipped, working_day_of
from deskhand.sla.working_time import NeverOpen, is_open, next_closing, next_opening
from deskhand.tickets.models import Category, Priority, Source, Ticket


@dataclass(frozen=True)
class Promise:
    """By when the first answer of a person comes."""

    due_at: datetime
    """In the zone of the business hours."""
    amount: int
    unit: Unit
    """The words of it: 2 working days, or so many minutes of working or calendar time."""
    skipped: tuple[SkippedDay, ...]
    """The days until then that do not count, in order, each with its reason and a holiday's name."""

    @property
    def due_on(self) -> date:
        """The day by whose end, or in which, it is due; midnight belongs to the day it ends."""
        return (self.due_at - timedelta.resolution).date()


@dataclass(frozen=True)
class OfficeHours:
    """Whether the desk works now, in the zone of its hours."""

    is_open: bool
    opens_at: datetime | None
    """When it opens next; None while it is open, and where it never opens again."""
    closes_at: datetime | None
    """When it closes, while it is open; None where it never does."""
    closed_for: SkippedDay | None
    """Why today is no working day: the weekend, or a holiday by name; None on working days."""


def promise_for(ticket: Ticket) -> Promise | None:
    """Return by when the first answer comes; None once there was one, or where none is promised. One query."""
    for clock in _awaited(ticket.pk):
        return _promise(clock.hours_version.calendar, clock.started_at, clock.due_at, clock.amount, Unit(clock.unit))
    return None


@built_once
def _awaited(ticket_id: int) -> QuerySet[Clock]:
    clocks = Clock.objects.ticking().filter(ticket=ticket_id, metric=Metric.FIRST_RESPONSE.value)
    return clocks.select_related("hours_version").order_by("pk")[:1]


def promised_by(ticket_ids: Iterable[int]) -> dict[int, datetime]:
    """Return by when the first answer comes, in the zone of the hours, for tickets that wait for one. One query."""
    awaited = _awaited_of(list(ticket_ids))
    return {ticket_id: due.astimezone(ZoneInfo(zone)) for ticket_id, due, zone in awaited}


@built_once
def _awaited_of(ticket_ids: list[int]) -> QuerySet[Clock, tuple[int, datetime, str]]:
    clocks = Clock.objects.ticking().filter(is_among("ticket", ticket_ids), metric=Metric.FIRST_RESPONSE.value)
    return clocks.values_list("ticket", "due_at", "hours_version__zone")


def promise_preview(
    now: datetime,
    category: Category | None = None,
    client: Client | None = None,
    priority: Priority = Priority.NORMAL,
    source: Source = Source.PORTAL,
) -> Promise | None:
    """Return what a ticket opened now would be promised; None where nothing is."""
    if category is not None and category.is_business_critical:
        priority = Priority.URGENT
    policy = policy_for(Ticket(category=category, client=client, priority=priority, source=source), now)
    target = policy.promised.get(Metric.FIRST_RESPONSE)
    if target is None:
        return None
    calendar = current_hours(policy.hours_id).calendar
    try:
        return _promise(calendar, now, due_at(target, calendar, now), target.amount, target.unit)
    except NeverOpen:
        return None


def office_hours_now(now: datetime) -> OfficeHours:
    """Return whether the desk's own hours are open now, and until or from when. One query."""
    calendar = default_hours().calendar
    today = calendar.local_date(now)
    closed_for = None if calendar.shift_spans(today) else why_skipped(calendar, today)
    open_now = is_open(calendar, now)
    ask = next_closing if open_now else next_opening
    try:
        change = ask(calendar, now)
    except NeverOpen:
        change = None
    local = change and change.astimezone(calendar.zone)
    return OfficeHours(
        is_open=open_now,
        opens_at=None if open_now else local,
        closes_at=local if open_now else None,
        closed_for=closed_for,
    )


def working_day_at(moment: datetime) -> date:
    """Return the working day of the desk's own hours to which a moment belongs, the next one outside of them.

    Where the desk never opens, every day is one. One query.
    """
    calendar = default_hours().calendar
    try:
        return working_day_of(calendar, moment)
    except NeverOpen:
        return calendar.local_date(moment)


def _promise(calendar: WorkingCalendar, start: datetime, due: datetime, amount: int, unit: Unit) -> Promise:
    skipped = () if unit is Unit.CALENDAR_MINUTES else skipped_days(calendar, start, due)
    return Promise(due.astimezone(calendar.zone), amount, unit, skipped)
