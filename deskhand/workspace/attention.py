"""Views of what presses: promises at risk, deadlines of the week, clients over their allowance.

Tickets know neither clocks nor allowances; here their conditions are put together for the lists and their counts.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.queries import clients_over
from deskhand.sla.queries.clocks import chip_of, open_clocks, tickets_at_risk
from deskhand.tickets.queries.inbox import Cursor, ListPage, Row, list_tickets, row_of
from deskhand.tickets.queries.views import CONDITIONAL, View
from deskhand.workspace.navigation import ViewItem
from deskhand.workspace.places import ListPlace

AT_RISK = ViewItem(View.AT_RISK, "timer")
DUE = ViewItem(View.DUE, "calendar-clock")
OVER = ViewItem(View.OVER, "gauge")
_WEEK = 7


def pressing_items(agent: Agent) -> list[ViewItem]:
    """Return the views an agent's navigation shows; allowances only to those who may see them."""
    return [AT_RISK, DUE, OVER] if agent.may(Permission.ALLOWANCES_VIEW) else [AT_RISK, DUE]


def conditions_for(agent: Agent, now: datetime) -> dict[View, Q]:
    """Return what the views hold, for `tickets_in`, `list_tickets` and `count_views`."""
    sunday = _end_of_week(timezone.localdate(now))
    conditions = {
        View.AT_RISK: Q(pk__in=tickets_at_risk(now)),
        View.DUE: Q(due_on__lte=sunday) | Q(needed_by_on__lte=sunday),
    }
    if agent.may(Permission.ALLOWANCES_VIEW):
        conditions[View.OVER] = Q(client__in=clients_over(timezone.localdate(now)))
    return conditions


def list_at(agent: Agent, place: ListPlace, now: datetime, *, after: Cursor | None = None) -> ListPage:
    """Return the page of the list at `place` that begins after a row."""
    conditions = conditions_for(agent, now) if place.view in CONDITIONAL else None
    return list_tickets(
        agent, view=place.view, words=place.words, after=after, conditions=conditions, besides=_besides()
    )


def row_at(agent: Agent, ticket_id: int) -> Row | None:
    """Return one ticket's row as it stands in a list, None where the agent may not see it. One query."""
    return row_of(agent, ticket_id, _besides())


def _besides() -> dict[str, ArraySubquery]:
    return {"clocks": open_clocks()}


def marks(now: datetime) -> dict[str, Any]:
    """Return what rows of a list ask for besides the ticket itself. No query."""
    return {"clock_of": lambda row: chip_of(row.kind, row.besides["clocks"], now)}


def _end_of_week(today: date) -> date:
    """Return the Sunday; what was due before it is due all the more."""
    return today + timedelta(days=_WEEK - 1 - today.weekday())
