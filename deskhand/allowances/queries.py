"""What pages show of allowances, as frozen values. Minutes throughout; months as their first day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from deskhand.allowances.books import settle_each, with_facts
from deskhand.allowances.ledger import Month, Rollover, Settlement
from deskhand.allowances.models import Entry, EntryKind, Plan, PlanQuerySet, TimeEntry
from deskhand.allowances.months import add_months, last_day, month_of
from deskhand.clients.models import Client, Domain
from deskhand.core.built import built_once
from deskhand.tickets.models import Ticket

AMBER_PERCENT = 80
ALL_USED = 100


class BoxState(StrEnum):
    """How a box looks: below 80 % of the allowance, from 80 %, from exactly 100 %, without a limit."""

    OK = "ok"
    WARN = "warn"
    OVER = "over"
    UNLIMITED = "unlimited"


@dataclass(frozen=True)
class Bar:
    """One month of the chart."""

    month: date
    used: int
    allowance: int
    is_over: bool


@dataclass(frozen=True)
class Box:
    """A plan's current month, and the months before it, oldest first, the current one last."""

    plan_id: int
    name: str
    month: date
    state: BoxState
    used: int
    allowance: int
    left: int
    over: int
    resets_on: date
    bars: tuple[Bar, ...]

    @property
    def percent(self) -> int:
        """Used of the allowance, 0 to 100; 100 where there is none to use."""
        return min(100, self.used * 100 // self.allowance) if self.allowance else 100


def sites_of(client_id: int, on: date) -> list[str]:
    """Return the names of a client's sites, in order: its domains, and what its running plans are for. One query."""
    domains = Domain.objects.filter(client=client_id).values_list("name", flat=True)
    paid_for = Plan.objects.running(client_id, on).order_by().exclude(site="").values_list("site", flat=True)
    return sorted({name.lower(): name for name in domains.union(paid_for)}.values(), key=str.lower)


def boxes_for(client: Client | int, *, today: date, months: int = 6, site: str = "") -> list[Box]:
    """Return a box for each plan of a client (or of its id) that runs this month, however many there are.

    First the one that work on `site` is charged to today, then the next nearest; those that ended come last. One query;
    two where a plan is without a limit.
    """
    client_id = client if isinstance(client, int) else client.pk
    month = month_of(today)
    running = list(settle_each(_running(client_id, month, last_day(month)), until=today))
    running.sort(key=lambda found: (not found[0].runs_on(today), found[0].distance_to(site)))
    unlimited = _unlimited_use([plan for plan, _ in running if plan.is_unlimited], today=today, months=months)
    return [
        _unlimited_box(plan, unlimited.get(plan.pk, {}), today, months)
        if plan.is_unlimited
        else _box(plan, settlement, today, months)
        for plan, settlement in running
    ]


@built_once
def _running(client_id: int, first: date, last: date) -> PlanQuerySet:
    return with_facts(Plan.objects.of(client_id).filter(_runs_between(first, last)))


def pressing_boxes(client_ids: Iterable[int], *, today: date) -> dict[int, Box]:
    """Return, by client, this month's box of the plan that is used the most, one without a limit last.

    One query; two where a plan is without a limit. The boxes have no bars but the current month's.
    """
    month = month_of(today)
    plans = Plan.objects.filter(_runs_between(month, last_day(month)), client__in=list(client_ids)).order_by(
        "starts_on", "id"
    )
    found = list(settle_each(with_facts(plans, _matters_in(month)), until=today))
    unlimited = _unlimited_use([plan for plan, _ in found if plan.is_unlimited], today=today, months=1)
    boxes: dict[int, Box] = {}
    for plan, settlement in found:
        is_unlimited = plan.is_unlimited
        used = unlimited.get(plan.pk, {})
        box = _unlimited_box(plan, used, today, 1) if is_unlimited else _box(plan, settlement, today, 1)
        boxes[plan.client_id] = max(boxes.get(plan.client_id, box), box, key=_pressure)
    return boxes


def _pressure(box: Box) -> tuple[int, int]:
    return (-1, 0) if box.state is BoxState.UNLIMITED else (box.percent, box.over)


def running_plan_names(client_id: int, on: date) -> "QuerySet[Plan, str]":
    """Return the names of a client's plans that run on a day, as a query for use within another."""
    return Plan.objects.running(client_id, on).order_by().values_list("name", flat=True)


def plan_names() -> list[str]:
    """Return the names that plans have, each once, in order. One query."""
    return list(Plan.objects.order_by("name").values_list("name", flat=True).distinct())


def clients_over(today: date) -> list[int]:
    """Return the ids of clients with a plan whose month is used up. One query.

    Plans told to have reached their end, and those minutes were taken from by hand, are settled anew: a top-up or a
    correction may have brought minutes back.
    """
    month = month_of(today)
    books = settle_each(_near_the_end(month, last_day(today)), until=today)
    return sorted({plan.client_id for plan, settlement in books if settlement.month(month).is_used_up})


@built_once
def _near_the_end(first: date, last: date) -> PlanQuerySet:
    told = Q(alerts__month=first, alerts__percent=ALL_USED)
    taken = Q(entries__kind=EntryKind.ADJUSTMENT, entries__minutes__lt=0, entries__on__range=(first, last))
    near = Plan.objects.filter(told | taken, _runs_between(first, last), is_unlimited=False).distinct()
    return with_facts(near, _matters_in(first))


def _runs_between(first: date, last: date) -> Q:
    """Keep the plans that run on any of these days."""
    return Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))


def _matters_in(month: date) -> Q:
    """Keep the entries that can bear on a month: its own, and older ones only where minutes outlive a month's end."""
    top_ups = Entry.objects.filter(plan=OuterRef("plan"), kind=EntryKind.TOP_UP)
    return Q(on__gte=month) | ~Q(plan__rollover=Rollover.NONE) | Q(Exists(top_ups))


def _box(plan: Plan, settlement: Settlement, today: date, months: int) -> Box:
    current = settlement.month(month_of(today))
    by_month = {month.month: month for month in settlement.months}
    bars = tuple(_bar(by_month.get(month), month) for month in _last_months(today, months))
    return Box(
        plan_id=plan.pk,
        name=plan.name,
        month=current.month,
        state=_state(current),
        used=current.used,
        allowance=current.allowance,
        left=current.left,
        over=current.overage,
        resets_on=add_months(current.month, 1),
        bars=bars,
    )


def _state(month: Month) -> BoxState:
    if month.is_used_up:
        return BoxState.OVER
    return BoxState.WARN if month.used * 100 >= month.allowance * AMBER_PERCENT else BoxState.OK


def _bar(month: Month | None, first: date) -> Bar:
    if month is None:
        return Bar(first, 0, 0, is_over=False)
    return Bar(first, month.used, month.allowance, is_over=month.overage > 0)


def _last_months(today: date, count: int) -> list[date]:
    current = month_of(today)
    return [add_months(current, offset) for offset in range(1 - count, 1)]


def _unlimited_use(plans: Sequence[Plan], *, today: date, months: int) -> dict[int, dict[date, int]]:
    """Return charged minutes by plan and month of plans that keep no ledger. No query without such plans."""
    if not plans:
        return {}
    since = _last_months(today, months)[0]
    used: dict[int, dict[date, int]] = {plan.pk: {} for plan in plans}
    rows = TimeEntry.objects.filter(plan__in=plans, work_on__gte=since, deleted_at=None)
    for plan_id, on, minutes in rows.values_list("plan_id", "work_on", "charged_minutes"):
        if plan_id is not None:
            used[plan_id][month_of(on)] = used[plan_id].get(month_of(on), 0) + minutes
    return used


def _unlimited_box(plan: Plan, used: dict[date, int], today: date, months: int) -> Box:
    bars = tuple(Bar(month, used.get(month, 0), 0, is_over=False) for month in _last_months(today, months))
    return Box(
        plan_id=plan.pk,
        name=plan.name,
        month=month_of(today),
        state=BoxState.UNLIMITED,
        used=bars[-1].used,
        allowance=0,
        left=0,
        over=0,
        resets_on=add_months(month_of(today), 1),
        bars=bars,
    )


@dataclass(frozen=True)
class TicketTime:
    """What a month's time went on: one ticket."""

    number: int
    subject: str
    who: tuple[str, ...]
    last_work_on: date
    charged: int


def time_by_ticket(client: Client, month: date) -> list[TicketTime]:
    """Return a client's tickets with charged time in a month, most first. One query."""
    entries = (
        TimeEntry.objects.filter(
            ticket__client=client, work_on__gte=month, work_on__lte=last_day(month), deleted_at=None
        )
        .values("ticket__number", "ticket__subject", "author__name")
        .annotate(charged=Sum("charged_minutes"), last=Max("work_on"))
    )
    by_number: dict[int, TicketTime] = {}
    for row in entries:
        number = row["ticket__number"]
        found = by_number.get(number)
        by_number[number] = TicketTime(
            number=number,
            subject=row["ticket__subject"],
            who=(*(found.who if found else ()), row["author__name"]),
            last_work_on=max(row["last"], found.last_work_on) if found else row["last"],
            charged=row["charged"] + (found.charged if found else 0),
        )
    return sorted(by_number.values(), key=lambda line: (-line.charged, line.number))


def charged_on(ticket: Ticket) -> int:
    """Return the charged minutes of a ticket. One query."""
    total = TimeEntry.objects.filter(ticket=ticket, deleted_at=None).aggregate(total=Sum("charged_minutes"))
    return int(total["total"] or 0)
