"""Time beside a ticket: its client's allowance, what was logged on it, and what the client approved."""

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.charging import Charging
from deskhand.allowances.queries import Box, boxes_for
from deskhand.allowances.ticket_facts import Asked, asked_of, charging_rules, last_estimate, rules_of
from deskhand.allowances.time_log import TimeFilter, TimeLog, TimeLogQuery
from deskhand.tickets.queries.besides import Beside
from deskhand.tickets.queries.ticket_page import TicketPage

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class TicketTime:
    """Time on one ticket, as far as an agent may see it."""

    today: date
    boxes: list[Box]
    """The client's running plans; none for roles that see no allowances."""
    log: TimeLog
    """Everyone's time, or their own for roles that see no allowances."""
    estimate: Asked | None
    """The last one put before the client."""
    rules: Charging
    sees_figures: bool
    logs: bool
    allowance_page: str
    """The client's allowance; empty where there is no such page, or the agent may not see it."""


TIME_BESIDES: dict[str, Beside] = {"rules": lambda _: charging_rules(), "estimate": lambda _: last_estimate()}
"""What the ticket's own query is to tell of time, for `ticket_time`."""


def ticket_time(agent: Agent, ticket: TicketPage, today: date) -> TicketTime:
    """Return the time of a ticket that was read with `TIME_BESIDES`. Two queries, three where a plan has no limit."""
    sees_figures = agent.may(Permission.ALLOWANCES_VIEW)
    client_id = ticket.client_id if sees_figures else None
    return TicketTime(
        today=today,
        boxes=boxes_for(client_id, today=today, months=1, site=ticket.site) if client_id else [],
        log=TimeLogQuery(agent).log(TimeFilter(FIRST_DAY, LAST_DAY, ticket_number=ticket.number)),
        estimate=asked_of(ticket.besides["estimate"]) if sees_figures else None,
        rules=rules_of(ticket.besides["rules"]),
        sees_figures=sees_figures,
        logs=agent.may(Permission.TIME_LOG),
        allowance_page=_address("workspace:client_allowance", ticket.client_public_id) if client_id else "",
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
