"""The rows of the inbox's list: one page of a view, in a fixed number of queries whatever it holds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.core.built import built_once
from deskhand.core.moments import micros_of, moment_of
from deskhand.core.names import without_address
from deskhand.core.paging import CursorNotValid
from deskhand.tickets.models import Assignment, Draft, Kind, Priority, ReadMarker, Tag, Ticket, Turn
from deskhand.tickets.models.ticket import TicketQuerySet
from deskhand.tickets.queries.asides import unheard_chase
from deskhand.tickets.queries.besides import NOTHING, Beside, Besides
from deskhand.tickets.queries.views import Conditions, View, tickets_in
from deskhand.tickets.queries.words import Words

PAGE_SIZE = 50
_CURSOR = re.compile(r"^([1-5])\.(\d{1,17})\.(\d{1,18})$", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: where the next one goes on."""

    turn: int
    queue_at: datetime
    ticket_id: int

    def __str__(self) -> str:
        micros = micros_of(self.queue_at)
        return f"{self.turn}.{micros}.{self.ticket_id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor written as `str(cursor)`. Raises CursorNotValid."""
        match = _CURSOR.match(text)
        if match is None:
            raise CursorNotValid(text)
        turn, micros, ticket_id = (int(part) for part in match.groups())
        return cls(turn, moment_of(micros), ticket_id)

    def shape(self) -> None:
        """All cursors are alike, see `core.shapes`."""

    def values(self) -> tuple[int, datetime, int]:
        """Return what rows are compared with."""
        return int(self.turn), self.queue_at, self.ticket_id

    @classmethod
    def standing_in(cls, _shape: None, values: tuple[int, datetime, int]) -> Self:
        """Return the cursor of other rows."""
        return cls(*values)


@dataclass(frozen=True)
class Face:
    """A person as lists show them: the name, the key of their color, and that of their picture."""

    name: str
    key: str
    picture: str


@dataclass(frozen=True)
class Row:
    """A ticket in the list."""

    id: int
    number: int
    subject: str
    snippet: str
    person: str
    person_key: str
    person_picture: str
    client: str
    at: datetime
    turn: Turn
    kind: Kind
    is_unread: bool
    has_draft: bool
    priority: str
    tags: tuple[str, ...]
    attachment_count: int
    assignees: tuple[Face, ...]
    chased_at: datetime | None
    """When a client asked for an update, while no agent wrote to them since."""
    besides: Mapping[str, Any]
    """What the caller wanted to know as well, by the caller's names."""


@dataclass(frozen=True)
class ListPage:
    """Up to 50 rows of a view, and where the next page begins (None at the end)."""

    rows: tuple[Row, ...]
    next_cursor: Cursor | None

    @property
    def groups(self) -> list[tuple[Turn, list[Row]]]:
        """The rows by whose turn it is; one group where the view has none."""
        return [(turn, list(rows)) for turn, rows in groupby(self.rows, key=lambda row: row.turn)]


def list_tickets(
    agent: Agent,
    *,
    view: View,
    words: str = "",
    after: Cursor | None = None,
    conditions: Conditions | None = None,
    besides: Mapping[str, Beside] = NOTHING,
) -> ListPage:
    """Return one page of a view, narrowed to tickets that hold all `words`.

    One query; two beyond the first page, and two more for words.

    `conditions`: as for `tickets_in`; `besides`: what apps above tickets tell of each row, see `Row.besides`.
    """
    if view == View.SEARCH and not words.strip():
        return ListPage((), None)
    listed = _Listed(view, conditions, tuple(besides.items()))
    wanted = Words.typed(words)
    found = _asked(agent, listed, wanted, after)
    if after is not None and view.is_grouped and len(found) <= PAGE_SIZE:
        found += _asked(agent, replace(listed, is_below=True), wanted, after)
    rows = tuple(_row(values, agent, besides) for values in found[:PAGE_SIZE])
    is_more = len(found) > PAGE_SIZE
    return ListPage(rows, Cursor(rows[-1].turn, rows[-1].at, rows[-1].id) if is_more else None)


def row_of(agent: Agent, ticket_id: int, besides: Mapping[str, Beside] = NOTHING) -> Row | None:
    """Return one ticket's row if the agent may see it. One query."""
    for values in _one(agent, ticket_id, tuple(besides.items())):
        return _row(values, agent, besides)
    return None


@built_once
def _one(agent: Agent, ticket_id: int, besides: Besides) -> QuerySet[Ticket, Any]:
    return _described(Ticket.objects.visible_to(agent).filter(pk=ticket_id), agent, besides)


@dataclass(frozen=True)
class _Listed:
    """Which rows are asked for."""

    view: View
    conditions: Conditions | None
    besides: Besides
    is_below: bool = False
    """Those of the groups below the cursor's, instead of those in its group."""

    def shape(self) -> Any:
        given = self.conditions
        return self.view, self.besides, self.is_below, given and (type(given), given.shape())

    def values(self) -> tuple[Any, ...]:
        return self.conditions.values() if self.conditions else ()

    @classmethod
    def standing_in(cls, shape: Any, values: tuple[Any, ...]) -> Self:
        view, besides, is_below, given = shape
        return cls(view, given and given[0].standing_in(given[1], values), besides, is_below)


@built_once
def _asked(agent: Agent, listed: _Listed, words: Words | None, after: Cursor | None) -> QuerySet[Ticket, Any]:
    found = tickets_in(listed.view, agent, listed.conditions)
    tickets = _described(words.held_by(found) if words else found, agent, listed.besides)
    order = ["-queue_at", "id"]
    if listed.view.is_grouped:
        # The rest of the group, then the groups below: each a range of the index, however deep the page.
        order.insert(0, "turn")
        if after and listed.is_below:
            tickets, after = tickets.filter(turn__gt=after.turn), None
        elif after:
            tickets = tickets.filter(turn=after.turn)
    return _beyond(tickets, after).order_by(*order)[: PAGE_SIZE + 1]


def _beyond(tickets: QuerySet[Ticket, Any], after: Cursor | None) -> QuerySet[Ticket, Any]:
    if after is None:
        return tickets
    later = Q(queue_at__lt=after.queue_at) | Q(pk__gt=after.ticket_id)
    return tickets.filter(later, queue_at__lte=after.queue_at)


def _described(tickets: TicketQuerySet, agent: Agent, besides: Besides) -> QuerySet[Ticket, Any]:
    here = OuterRef("pk")
    assignees = Assignment.objects.filter(ticket=here).order_by("id")
    person = JSONObject(name="agent__user__name", key="agent__user__email", picture="agent__user__picture_key")
    rows: QuerySet[Ticket, Any] = tickets.annotate(
        tag_names=ArraySubquery(Tag.objects.filter(tickets=here).order_by("name").values("name")),
        assigned=ArraySubquery(assignees.values(person=person)),
        read_to=Subquery(ReadMarker.objects.filter(user=agent.user, ticket=here).values("position")[:1]),
        unheard=unheard_chase(),
        drafted=Exists(Draft.objects.filter(author=agent.user, ticket=here).exclude(content={})),
        **{name: beside(agent) for name, beside in besides},
    ).values(
        "id", "number", "subject", "kind", "turn", "priority", "queue_at", "last_line", "last_author_name",
        "is_last_from_client", "entry_count", "attachment_count", "client__name", "requester__user__name",
        "requester__user__email", "requester__user__picture_key", "tag_names", "assigned", "read_to", "drafted",
        "unheard",
        *(name for name, _ in besides),
    )  # fmt: skip
    return rows


def _row(values: dict[str, Any], agent: Agent, besides: Iterable[str]) -> Row:
    kind = Kind(values["kind"])
    return Row(
        id=values["id"],
        number=values["number"],
        subject=values["subject"],
        snippet=_snippet(values, agent),
        person=_shown(values["requester__user__name"], agent),
        person_key=values["requester__user__email"],
        person_picture=values["requester__user__picture_key"],
        client=values["client__name"] or "",
        at=values["queue_at"],
        turn=Turn(values["turn"]),
        kind=kind,
        is_unread=_is_unread(values, agent),
        has_draft=values["drafted"],
        priority=Priority(values["priority"]).name.lower(),
        tags=tuple(values["tag_names"]),
        attachment_count=values["attachment_count"],
        assignees=tuple(Face(**face) for face in values["assigned"]),
        chased_at=values["unheard"],
        besides={name: values[name] for name in besides},
    )


def _shown(name: str, agent: Agent) -> str:
    return name if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else without_address(name)


def _is_unread(values: Mapping[str, Any], agent: Agent) -> bool:
    """Return whether something stands in the thread that the agent did not read."""
    if values["kind"] not in {Kind.OPEN, Kind.PENDING}:
        return False
    if values["read_to"] is None:  # never opened here; yet who answered by mail has read it there
        return bool(values["is_last_from_client"] or values["last_author_name"] != agent.name)
    return bool(values["read_to"] < values["entry_count"])


def _snippet(values: dict[str, Any], agent: Agent) -> str:
    line, author = values["last_line"], values["last_author_name"]
    if not line:
        return "Team only: the client sees nothing yet"
    if values["is_last_from_client"]:
        is_by_requester = author == values["requester__user__name"]
        return str(line) if is_by_requester else f"{_shown(author, agent)}: {line}"
    return f"{'You' if author == agent.name else author}: {line}"
