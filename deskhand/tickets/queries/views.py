"""The views of the inbox: which tickets each holds, in which order, and how many there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from deskhand.accounts.models import Agent
from deskhand.core.built import Statement, statement_built_once
from deskhand.core.shapes import Parted
from deskhand.tickets.models import Draft, Kind, Ticket, Turn
from deskhand.tickets.models.team import Mention
from deskhand.tickets.models.ticket import TicketQuerySet

COUNT_LIMIT = 1000
Counted = Callable[[Agent], QuerySet[Any]]
"""What else is counted. A function of a module, not one made anew: it is part of a statement's shape."""
_NOTHING: Mapping[str, Counted] = MappingProxyType({})


class View(StrEnum):
    """A named selection of tickets; the value is its name in addresses."""

    INBOX = "inbox"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    MENTIONS = "mentions"
    DRAFTS = "drafts"
    AT_RISK = "at-risk"
    DUE = "due"
    OVER = "over"
    AWAITING = "awaiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    SPAM = "spam"
    SEARCH = "search"

    @property
    def label(self) -> str:
        """The name people read."""
        return _LABELS[self]

    @property
    def is_grouped(self) -> bool:
        """Whether its rows stand in groups by whose turn it is."""
        return self in {View.INBOX, View.MINE, View.UNASSIGNED}


_LABELS = {
    View.INBOX: "Inbox",
    View.MINE: "Assigned to me",
    View.UNASSIGNED: "Unassigned",
    View.MENTIONS: "Mentions",
    View.DRAFTS: "Drafts",
    View.AT_RISK: "Reply time at risk",
    View.DUE: "Due this week",
    View.OVER: "Over allowance",
    View.AWAITING: "Awaiting client",
    View.SNOOZED: "Snoozed",
    View.CLOSED: "Closed",
    View.SPAM: "Spam",
    View.SEARCH: "Search",
}
_KINDS = {
    View.AWAITING: Kind.PENDING,
    View.SNOOZED: Kind.SNOOZED,
    View.CLOSED: Kind.CLOSED,
    View.SPAM: Kind.SPAM,
}
CONDITIONAL = frozenset({View.AT_RISK, View.DUE, View.OVER})
"""Views whose condition is known above tickets (clocks, allowances) or depends on the day: the caller gives it."""
_LIVING = (Kind.OPEN, Kind.PENDING, Kind.SNOOZED)
_COUNTED = [view for view in View if view not in {View.CLOSED, View.SEARCH}]
_TURNS = [turn for turn in Turn if turn <= Turn.CLIENT]


class Conditions(Parted, Protocol):
    """What the views in CONDITIONAL hold at a moment."""

    def of(self, view: View) -> Q | None:
        """Return what a view holds, None where that is nothing."""


def tickets_in(view: View, agent: Agent, conditions: Conditions | None = None) -> TicketQuerySet:
    """Return what a view holds for an agent, unsorted, and never more than the agent may see.

    `conditions` say what the views in CONDITIONAL hold; without its condition such a view is empty.
    """
    tickets = Ticket.objects.visible_to(agent)
    if view in CONDITIONAL:
        condition = conditions.of(view) if conditions else None
        return tickets.none() if condition is None else tickets.in_kinds(*_LIVING).filter(condition)
    if view in _KINDS:
        return tickets.in_kinds(_KINDS[view])
    if view.is_grouped:
        # Both conditions, so that PostgreSQL can use the partial index of the queue.
        queue = tickets.exclude(kind=Kind.CLOSED).filter(turn__lte=Turn.CLIENT)
        if view == View.MINE:
            return queue.assigned_to(agent)
        return queue.unassigned() if view == View.UNASSIGNED else queue
    return tickets.filter(_personal(view, agent))


def _personal(view: View, agent: Agent) -> Q:
    """Return the condition of the views of one's own; none for a search."""
    match view:
        case View.MENTIONS:
            return Q(pk__in=Mention.objects.filter(agent=agent).values("team_message__ticket"))
        case View.DRAFTS:
            return Q(pk__in=drafts_of(agent))
        case _:
            return Q()


def drafts_of(agent: Agent) -> QuerySet[Draft, int | None]:
    """Return the ids of tickets on which the agent has unsent text."""
    written = Draft.objects.filter(author=agent.user, ticket__isnull=False).exclude(content={})
    return written.values_list("ticket_id", flat=True)


@dataclass(frozen=True)
class Counts:
    """How many tickets the views hold, and the groups of one of them; capped at 1,000."""

    by_view: dict[View, int]
    by_turn: dict[Turn, int]
    besides: dict[str, int]
    """What else was counted, by the caller's names."""

    def of(self, view: View) -> str:
        """Return a view's count as shown: nothing for none, "999+" beyond the cap."""
        return shown(self.by_view.get(view, 0))

    @property
    def notices(self) -> str:
        """How much an agent was told and has not read, as shown."""
        return shown(self.besides.get("notices", 0))

    @property
    def held_mail(self) -> str:
        """How much mail waits outside all tickets for somebody to decide about it, as shown."""
        return shown(self.besides.get("held_mail", 0))

    def of_group(self, turn: Turn) -> str:
        """Return a group's count as shown."""
        return shown(self.by_turn.get(turn, 0))


def shown(count: int) -> str:
    """Return a count as people read it."""
    if count >= COUNT_LIMIT:
        return f"{COUNT_LIMIT - 1}+"
    return str(count) if count else ""


def count_views(
    agent: Agent,
    *,
    groups_of: View | None = None,
    conditions: Conditions | None = None,
    besides: Mapping[str, Counted] = _NOTHING,
) -> Counts:
    """Return the counts of all views, of the groups of one view, and of what else a page counts. One query."""
    grouped = groups_of if groups_of is not None and groups_of.is_grouped else None
    numbers = iter(*_numbers(agent, grouped, conditions, tuple(besides.values())))
    return Counts(
        by_view=dict(zip(_COUNTED, numbers, strict=False)),
        by_turn=dict(zip(_TURNS, numbers, strict=False)) if grouped else {},
        besides=dict(zip(besides, numbers, strict=False)),
    )


@statement_built_once
def _numbers(
    agent: Agent, grouped: View | None, conditions: Conditions | None, besides: tuple[Counted, ...]
) -> Statement:
    """Return what counts to the cap: views, groups, and what else is counted."""
    asked: list[QuerySet[Any]] = [_counted(view, agent, conditions) for view in _COUNTED]
    if grouped:
        asked += [tickets_in(grouped, agent).filter(turn=turn) for turn in _TURNS]
    columns: list[str] = []
    parameters: list[Any] = []
    for rows in [*asked, *(beside(agent) for beside in besides)]:
        column, values = _count(rows)
        columns.append(column)
        parameters.extend(values)
    return "SELECT " + ", ".join(columns), parameters


def _count(rows: QuerySet[Any]) -> Statement:
    try:
        sql, values = rows.order_by().values("pk")[:COUNT_LIMIT].query.sql_with_params()
    except EmptyResultSet:  # nothing can match, as Django saw
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", values  # noqa: S608 -- Django wrote the inner statement


def _counted(view: View, agent: Agent, conditions: Conditions | None) -> TicketQuerySet:
    """Return what a view's number counts: of mentions only those not seen yet."""
    if view == View.MENTIONS:
        unseen = Mention.objects.filter(agent=agent, seen_at=None)
        return Ticket.objects.visible_to(agent).filter(pk__in=unseen.values("team_message__ticket"))
    return tickets_in(view, agent, conditions)
