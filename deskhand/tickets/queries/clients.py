"""Clients with their tickets, as staff see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.clients.models import Client, Contact, ContactQuerySet
from deskhand.core.names import without_address
from deskhand.core.paging import PAGE_SIZE, NameCursor
from deskhand.tickets.models import Kind, Ticket
from deskhand.tickets.models.ticket import TicketQuerySet
from deskhand.tickets.queries.inbox import Cursor

TICKETS_SHOWN = 25


@dataclass(frozen=True)
class ClientRow:
    """A client in the list; the counts are of tickets the viewer sees."""

    id: int
    public_id: str
    name: str
    account_manager: str
    account_manager_key: str
    account_manager_picture: str
    open_count: int
    awaiting_count: int
    people_count: int


@dataclass(frozen=True)
class ClientPage:
    """Up to 50 clients by name, and where the next page begins (None at the end)."""

    rows: tuple[ClientRow, ...]
    next_cursor: NameCursor | None


@dataclass(frozen=True)
class TicketLine:
    """A ticket of a client on one line."""

    number: int
    subject: str
    status: str
    kind: Kind
    requester: str
    assignees: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class TicketLines:
    """Some tickets of a client, newest first, and where the next page begins (None at the end)."""

    rows: tuple[TicketLine, ...]
    next_cursor: Cursor | None


def list_clients(agent: Agent, *, words: str = "", after: NameCursor | None = None) -> ClientPage:
    """Return a page of the clients whose name or domain holds every word. One query."""
    clients = Client.objects.visible_to(agent).annotate(folded=Lower("name"))
    for word in words.split()[:10]:
        domains = Client.objects.filter(domains__name__icontains=word).values("pk")
        clients = clients.filter(Q(name__icontains=word) | Q(pk__in=domains))
    if after is not None:
        clients = clients.filter(after.beyond("folded"))
    tickets = Ticket.objects.visible_to(agent).filter(client=OuterRef("pk"))
    people = Contact.objects.visible_to(agent).filter(client=OuterRef("pk"))
    found = clients.annotate(
        open_count=_counted(tickets.in_kinds(Kind.OPEN)),
        awaiting_count=_counted(tickets.in_kinds(Kind.PENDING)),
        people_count=_counted(people),
    ).order_by("folded", "pk")
    values = list(found.values(
        "pk", "folded", "public_id", "name", "account_manager__user__name", "account_manager__user__email",
        "account_manager__user__picture_key",
        "open_count", "awaiting_count", "people_count",
    )[: PAGE_SIZE + 1])  # fmt: skip
    rows = tuple(
        ClientRow(
            id=row["pk"],
            public_id=row["public_id"],
            name=row["name"],
            account_manager=row["account_manager__user__name"] or "",
            account_manager_key=row["account_manager__user__email"] or "",
            account_manager_picture=row["account_manager__user__picture_key"] or "",
            open_count=row["open_count"],
            awaiting_count=row["awaiting_count"],
            people_count=row["people_count"],
        )
        for row in values[:PAGE_SIZE]
    )
    last = values[PAGE_SIZE - 1] if len(values) > PAGE_SIZE else None
    return ClientPage(rows, NameCursor(last["folded"], last["pk"]) if last else None)


def _counted(rows: TicketQuerySet | ContactQuerySet) -> Coalesce:
    counted = rows.order_by().values("client").annotate(count=Count("pk", distinct=True)).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def tickets_of_client(
    agent: Agent, client: Client, *, are_closed: bool = False, after: Cursor | None = None
) -> TicketLines:
    """Return the client's open or closed tickets that the agent sees, 25 at a time, newest first. Two queries."""
    tickets = Ticket.objects.visible_to(agent).filter(client=client)
    return _lines(agent, tickets.in_kinds(Kind.CLOSED) if are_closed else tickets.exclude(kind=Kind.CLOSED), after)


def tickets_of_contact(agent: Agent, contact: Contact, *, after: Cursor | None = None) -> TicketLines:
    """Return the tickets a contact asked for that the agent sees, 25 at a time, newest first. Two queries."""
    return _lines(agent, Ticket.objects.visible_to(agent).filter(requester=contact), after)


def _lines(agent: Agent, tickets: TicketQuerySet, after: Cursor | None) -> TicketLines:
    if after is not None:
        later = Q(queue_at__lt=after.queue_at) | Q(pk__gt=after.ticket_id)
        tickets = tickets.filter(later, queue_at__lte=after.queue_at)
    people = ("status", "requester__user")
    found = list(
        tickets.select_related(*people)
        .prefetch_related("assignees__user")
        .order_by("-queue_at", "id")[: TICKETS_SHOWN + 1]
    )
    shown = found[:TICKETS_SHOWN]
    last = shown[-1] if len(found) > TICKETS_SHOWN else None
    return TicketLines(
        tuple(_line(agent, ticket) for ticket in shown), Cursor(last.turn, last.queue_at, last.pk) if last else None
    )


def _line(agent: Agent, ticket: Ticket) -> TicketLine:
    name = ticket.requester.name
    return TicketLine(
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status.name,
        kind=Kind(ticket.kind),
        requester=name if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else without_address(name),
        assignees=tuple(agent.name for agent in ticket.assignees.all()),
        at=ticket.queue_at,
    )
