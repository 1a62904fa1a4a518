"""The maintenance figures as the portal shows them, to contacts who may see them. Minutes throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import USED_UP_WORDS, AllowanceSettings, Plan
from deskhand.allowances.months import add_months, last_day, month_of
from deskhand.allowances.queries import Box, BoxState, boxes_for, charged_on, time_by_ticket
from deskhand.clients.models import Client, Contact
from deskhand.core.durations import duration
from deskhand.portal.charts import Chart, month_chart
from deskhand.tickets.models import Ticket

MONTHS_IN_BOX = 6
MONTHS_IN_YEAR = 12
_PRESSING = [BoxState.UNLIMITED, BoxState.OK, BoxState.WARN, BoxState.OVER]


@dataclass(frozen=True)
class Figures:
    """The client's running plans, and what the red box says. Without any plan, the page says so."""

    boxes: Sequence[Box]
    used_up_words: str

    @cached_property
    def most_pressing(self) -> Box | None:
        """The plan of which least is left, for places with room for one."""
        return max(self.boxes, key=lambda box: (_PRESSING.index(box.state), box.percent), default=None)


def may_see(contact: Contact) -> bool:
    """Return whether the contact sees their client's maintenance figures."""
    return contact.client_id is not None and contact.sees_maintenance


def figures_for(contact: Contact, *, today: date, months: int = MONTHS_IN_BOX) -> Figures | None:
    """Return the figures, or None for a contact who may not see them. At most four queries."""
    client = contact.client
    if client is None or not may_see(contact):
        return None
    boxes = boxes_for(client, today=today, months=months)
    is_used_up = any(box.state is BoxState.OVER for box in boxes)
    return Figures(boxes, _used_up_words() if is_used_up else "")


def _used_up_words() -> str:
    return AllowanceSettings.objects.values_list("used_up_words", flat=True).first() or USED_UP_WORDS


def box_chart(box: Box) -> Chart:
    """Return the six columns of the box."""
    return month_chart(box.bars, box.state, base=64, column_width=28)


def year_chart(box: Box) -> Chart:
    """Return the twelve columns of the page."""
    return month_chart(box.bars, box.state, base=104, column_width=26)


def time_used_on(ticket: Ticket, contact: Contact) -> int:
    """Return the minutes charged on a ticket of the contact's own client; 0 for who may not know. One query."""
    return charged_on(ticket) if may_see(contact) and ticket.client_id == contact.client_id else 0


@dataclass(frozen=True)
class TimeLine:
    """What a month's time went on. `number` is None for tickets the contact does not see, added up."""

    number: int | None
    subject: str
    who: tuple[str, ...]
    last_work_on: date
    minutes: int


OTHER_TICKETS = "Other work for your company"


def time_lines(contact: Contact, client: Client, month: date) -> list[TimeLine]:
    """Return where a month's time went, most first, and what the contact may not see as one line. Two queries."""
    spent = [line for line in time_by_ticket(client, month) if line.charged]
    numbers = [line.number for line in spent]
    seen = set(Ticket.objects.visible_to(contact).filter(number__in=numbers).values_list("number", flat=True))
    lines = [
        TimeLine(line.number, line.subject, line.who, line.last_work_on, line.charged)
        for line in spent
        if line.number in seen
    ]
    hidden = [line for line in spent if line.number not in seen]
    if hidden:
        last = max(line.last_work_on for line in hidden)
        lines.append(TimeLine(None, OTHER_TICKETS, (), last, sum(line.charged for line in hidden)))
    return lines


def time_table(lines: Sequence[TimeLine]) -> list[list[str | int]]:
    """Return the lines as rows of a table with headings and a total."""
    rows: list[list[str | int]] = [["Ticket", "Subject", "Who", "Last work", "Minutes", "Time"]]
    for line in lines:
        number = "" if line.number is None else line.number
        who = ", ".join(line.who)
        rows.append([number, line.subject, who, line.last_work_on.isoformat(), line.minutes, duration(line.minutes)])
    total = sum(line.minutes for line in lines)
    return [*rows, ["Total", "", "", "", total, duration(total)]]


def months_to_choose(today: date) -> list[date]:
    """Return the last twelve months, the newest first."""
    return [add_months(month_of(today), -back) for back in range(MONTHS_IN_YEAR)]


def days_to_go(today: date) -> int:
    """Return how many days of the month are left after today."""
    return (last_day(today) - today).days


def plan_words(plan: Plan) -> str:
    """Return the plan in words: "8 hours a month, resets on the 1st. Unused time does not carry over."."""
    if plan.is_unlimited:
        return "Without a limit. What was done is shown, nothing is counted against you."
    hours, minutes = divmod(plan.minutes_per_month, 60)
    length = duration(plan.minutes_per_month) if minutes else f"{hours} {'hour' if hours == 1 else 'hours'}"
    return f"{length} a month, resets on the 1st. {_rollover_words(plan)}"


def _rollover_words(plan: Plan) -> str:
    if plan.rollover == Rollover.CAPPED:
        return f"Up to {duration(plan.cap_minutes)} of unused time carry over."
    if plan.rollover == Rollover.EXPIRING:
        months = plan.expires_after_months
        return f"Unused time carries over for {months} {'month' if months == 1 else 'months'}."
    return "Unused time does not carry over."
