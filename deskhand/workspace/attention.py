"""Views of what presses: promises at risk, deadlines of the week, clients over their allowance.

Tickets know neither clocks nor allowances; here their conditions are put together for the lists and their counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.queries import clients_over
from deskhand.core.conditions import is_among
from deskhand.sla.queries.clocks import chip_of, open_clocks, tickets_at_risk
from deskhand.tickets.queries.besides import Beside
from deskhand.tickets.queries.inbox import Cursor, ListPage, Row, list_tickets, row_of
from deskhand.tickets.queries.views import CONDITIONAL, View
from deskhand.workspace.navigation import ViewItem
from deskhand.workspace.places import ListPlace

AT_RISK = ViewItem(View.AT_RISK, "timer")
DUE = ViewItem(View.DUE, "calendar-clock")
OVER = ViewItem(View.OVER, "gauge")
_WEEK = 7
_BESIDES: dict[str, Beside] = {"clocks": lambda _: open_clocks()}


def pressing_items(agent: Agent) -> list[ViewItem]:
    """Return the views an agent's navigation shows; allowances only to those who may see them."""
    return [AT_RISK, DUE, OVER] if agent.may(Permission.ALLOWANCES_VIEW) else [AT_RISK, DUE]


@dataclass(frozen=True)
class Pressing:
    """What the views of what presses hold at a moment."""

    now: datetime
    sunday: date
    """Of this week; what was due before it is due all the more."""
    over: list[int] | None
    """The clients over their allowance; none for agents who may not know."""

    def of(self, view: View) -> Q | None:
        """Return what a view holds."""
        match view:
            case View.AT_RISK:
                return Q(pk__in=tickets_at_risk(self.now))
            case View.DUE:
                return Q(due_on__lte=self.sunday) | Q(needed_by_on__lte=self.sunday)
            case View.OVER if self.over is not None:
                return is_among("client", self.over)
        return None

    def shape(self) -> bool:
        """Whether clients are among it, see `core.shapes`."""
        return self.over is not None

    def values(self) -> tuple[Any, ...]:
        """Return what tickets are compared with."""
        return (self.now, self.sunday) if self.over is None else (self.now, self.sunday, self.over)

    @classmethod
    def standing_in(cls, _shape: Any, values: tuple[Any, ...]) -> Self:
        """Return what presses at another moment."""
        now, sunday, *over = values
        return cls(now, sunday, over[0] if over else None)


def conditions_for(agent: Agent, now: datetime) -> Pressing:
    """Return what the views hold, for `tickets_in`, `list_tickets` and `count_views`. At most one query."""
    today = timezone.localdate(now)
    over = clients_over(today) if agent.may(Permission.ALLOWANCES_VIEW) else None
    return Pressing(now, today + timedelta(days=_WEEK - 1 - today.weekday()), over)


def list_at(agent: Agent, place: ListPlace, now: datetime, *, after: Cursor | None = None) -> ListPage:
    """Return the page of the list at `place` that begins after a row."""
    conditions = conditions_for(agent, now) if place.view in CONDITIONAL else None
    return list_tickets(agent, view=place.view, words=place.words, after=after, conditions=conditions, besides=_BESIDES)


def row_at(agent: Agent, ticket_id: int) -> Row | None:
    """Return one ticket's row as it stands in a list, None where the agent may not see it. One query."""
    return row_of(agent, ticket_id, _BESIDES)


def marks(now: datetime) -> dict[str, Any]:
    """Return what rows of a list ask for besides the ticket itself. No query."""
    return {"clock_of": lambda row: chip_of(row.kind, row.besides["clocks"], now)}
