"""Time beside a ticket: its client's allowance, what was logged on it, and what the client approved."""

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.time import charging_of
from deskhand.allowances.charging import Charging
from deskhand.allowances.models import Estimate
from deskhand.allowances.queries import Box, boxes_for
from deskhand.allowances.time_log import TimeFilter, TimeLog, TimeLogQuery
from deskhand.tickets.models import Ticket

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class TicketTime:
    """Time on one ticket, as far as an agent may see it."""

    today: date
    boxes: list[Box]
    """The client's running plans; none for roles that see no allowances."""
    log: TimeLog
    """Everyone's time, or their own for roles that see no allowances."""
    estimate: Estimate | None
    """The last one put before the client."""
    rules: Charging
    sees_figures: bool
    logs: bool
    allowance_page: str
    """The client's allowance; empty where there is no such page, or the agent may not see it."""


def ticket_time(agent: Agent, ticket_id: int, today: date) -> TicketTime:
    """Return the time of a ticket the agent sees. Ten queries at most."""
    ticket = Ticket.objects.visible_to(agent).select_related("client").get(pk=ticket_id)
    sees_figures = agent.may(Permission.ALLOWANCES_VIEW)
    client = ticket.client if sees_figures else None
    estimates = Estimate.objects.filter(ticket=ticket).select_related("decided_by__user")
    return TicketTime(
        today=today,
        boxes=boxes_for(client, today=today, months=1) if client else [],
        log=TimeLogQuery(agent).log(TimeFilter(FIRST_DAY, LAST_DAY, ticket_number=ticket.number)),
        estimate=estimates.order_by("-id").first() if sees_figures else None,
        rules=charging_of(ticket),
        sees_figures=sees_figures,
        logs=agent.may(Permission.TIME_LOG),
        allowance_page=_address("workspace:client_allowance", client.public_id) if client else "",
    )


def _address(name: str, *args: str) -> str:
    """Return the address of a page, empty where this desk has none such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def entry_page(public_id: str) -> str:
    """Return where logged time is corrected and deleted."""
    return _address("workspace:time_entry", public_id)
