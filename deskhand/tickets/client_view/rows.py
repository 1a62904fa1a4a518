"""Lists of tickets as a contact sees them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.core.conditions import is_among
from deskhand.tickets.client_view.search import matching
from deskhand.tickets.client_view.sentences import listed
from deskhand.tickets.client_view.values import ClientTicketRow
from deskhand.tickets.models import Assignment, Category, Kind, Message, Ticket

HOME_LIMIT = 100
PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class ClientHome:
    """The open tickets, those that await the client first; beyond 100 of a sort, only their count."""

    awaiting: Sequence[ClientTicketRow]
    awaiting_count: int
    with_us: Sequence[ClientTicketRow]
    with_us_count: int
    has_any: bool
    """Whether there ever was a ticket, closed ones included."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a client looks for. `state` is "open", "closed" or empty for both; `page` counts from 1."""

    words: str = ""
    state: str = ""
    only_own: bool = False
    category: str = ""
    """The slug of what it is about; empty for anything."""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of what was found."""

    rows: Sequence[ClientTicketRow]
    count: int
    page: int
    pages: int


def client_home(contact: Contact) -> ClientHome:
    """Return the contact's open tickets. The number of queries does not depend on theirs."""
    first, second = _newest_awaiting(contact), _newest_with_us(contact)
    rows = _rows(contact, [*first, *second])
    return ClientHome(
        awaiting=rows[: len(first)],
        awaiting_count=len(first) if len(first) < HOME_LIMIT else _open(contact, is_awaiting=True).count(),
        with_us=rows[len(first) :],
        with_us_count=len(second) if len(second) < HOME_LIMIT else _open(contact, is_awaiting=False).count(),
        has_any=bool(first or second) or Ticket.objects.visible_to(contact).exists(),
    )


@built_once
def _newest_awaiting(contact: Contact) -> QuerySet[Ticket]:
    return _newest(_open(contact, is_awaiting=True))


@built_once
def _newest_with_us(contact: Contact) -> QuerySet[Ticket]:
    return _newest(_open(contact, is_awaiting=False))


def _newest(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.order_by(F("last_message_at").desc(), "-id")[:HOME_LIMIT]


def _open(contact: Contact, *, is_awaiting: bool) -> QuerySet[Ticket]:
    tickets = _listed(contact).exclude(kind=Kind.CLOSED)
    return tickets.filter(kind=Kind.PENDING) if is_awaiting else tickets.exclude(kind=Kind.PENDING)


def find_tickets(contact: Contact, wanted: Wanted) -> Found:
    """Return a page of the contact's tickets, newest first: by closing where only closed ones are wanted."""
    tickets = _listed(contact)
    if wanted.state == "closed":
        tickets = tickets.filter(kind=Kind.CLOSED)
    elif wanted.state == "open":
        tickets = tickets.exclude(kind=Kind.CLOSED)
    if wanted.only_own:
        tickets = tickets.filter(requester=contact)
    if wanted.category:
        tickets = tickets.filter(category__slug=wanted.category)
    if wanted.opened_from:
        tickets = tickets.filter(opened_at__gte=wanted.opened_from)
    if wanted.opened_before:
        tickets = tickets.filter(opened_at__lt=wanted.opened_before)
    if wanted.words.strip():
        tickets = matching(tickets, wanted.words)
    count = tickets.count()
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(wanted.page, 1), pages)
    order = F("closed_at").desc() if wanted.state == "closed" else F("last_message_at").desc()
    begin = (page - 1) * PAGE_SIZE
    shown = tickets.order_by(order, "-id")[begin : begin + PAGE_SIZE]
    return Found(rows=_rows(contact, shown), count=count, page=page, pages=pages)


def categories_of(contact: Contact) -> list[tuple[str, str]]:
    """Return what the contact's tickets are about, slug and name, in the order clients know. One query."""
    about = Ticket.objects.visible_to(contact).exclude(category=None).values("category")
    return list(Category.objects.filter(pk__in=about).order_by("position", "id").values_list("slug", "name"))


def _listed(contact: Contact) -> QuerySet[Ticket]:
    # Not queue_at: that moves when staff snooze or reopen, which clients must not notice.
    messages = Message.objects.filter(ticket=OuterRef("pk"), is_auto_reply=False).shown_to_clients()
    last = Subquery(messages.order_by("-position").values("created_at")[:1])
    return (
        Ticket.objects.visible_to(contact)
        .select_related("requester__user")
        .annotate(last_message_at=Coalesce(last, F("opened_at")))
    )


def _rows(contact: Contact, tickets: Iterable[Ticket]) -> list[ClientTicketRow]:
    shown = list(tickets)
    workers = names_at_work(ticket.pk for ticket in shown)
    return [_row(contact, ticket, workers[ticket.pk]) for ticket in shown]


def names_at_work(ticket_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of the agents responsible for each ticket, who came first in front. One query."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for ticket_id, name in _at_work(list(ticket_ids)):
        names[ticket_id].append(name)
    return names


@built_once
def _at_work(ticket_ids: list[int]) -> QuerySet[Assignment, tuple[int, str]]:
    rows = Assignment.objects.filter(is_among("ticket", ticket_ids)).order_by("assigned_at", "id")
    return rows.values_list("ticket", "agent__user__name")


def _row(contact: Contact, ticket: Ticket, workers: Sequence[str]) -> ClientTicketRow:
    return ClientTicketRow(
        id=ticket.pk,
        topic=f"ticket:{ticket.pk}",
        number=ticket.number,
        subject=ticket.subject,
        is_closed=ticket.is_closed,
        awaits_response=ticket.awaits_client,
        last_line=_last_line(contact, ticket),
        last_message_at=ticket.last_message_at,  # type: ignore[attr-defined]  # by _listed
        opened_by="you" if ticket.requester_id == contact.pk else ticket.requester.name,
        working_on_it=f"{listed(workers)} {'is' if len(workers) == 1 else 'are'} on it" if workers else "",
        needed_by_on=ticket.needed_by_on,
    )


def _last_line(contact: Contact, ticket: Ticket) -> str:
    if ticket.is_last_from_client and ticket.last_author_name == contact.name:
        return f"You: {ticket.last_line}"
    first_name = ticket.last_author_name.partition(" ")[0]
    return f"{first_name}: {ticket.last_line}" if first_name else ticket.last_line
