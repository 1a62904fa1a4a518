"""Statuses and tags as the settings list them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from deskhand.core.paging import PAGE_SIZE, NameCursor
from deskhand.tickets.models import Kind, Status, Tag
from deskhand.tickets.queries.views import COUNT_LIMIT, shown

_ABOUT = {
    Kind.OPEN: "it is the desk's turn",
    Kind.PENDING: "it is the client's turn, and they are told so",
    Kind.SNOOZED: "out of the queue until a set time",
    Kind.SPAM: "unwanted, out of every list",
    Kind.CLOSED: "done",
}


@dataclass(frozen=True)
class KindGroup:
    """The statuses of one kind, in their order; tickets get the first."""

    kind: Kind
    about: str
    statuses: tuple[Status, ...]


@dataclass(frozen=True)
class TagRow:
    """A tag with how many tickets have it."""

    id: int
    name: str
    ticket_count: int


@dataclass(frozen=True)
class TagPage:
    """Up to 50 tags by name, and where the next page begins (None at the end)."""

    rows: tuple[TagRow, ...]
    next_cursor: NameCursor | None


def statuses_by_kind() -> list[KindGroup]:
    """Return every kind with its statuses. One query."""
    rows = list(Status.objects.in_order())
    return [KindGroup(kind, _ABOUT[kind], tuple(row for row in rows if row.kind == kind)) for kind in Kind]


def tickets_of_status(status: Status) -> str:
    """Return how many tickets have a status, as people read it: "" for none, "999+" for many. One query."""
    return shown(status.tickets.order_by()[:COUNT_LIMIT].count())


def tickets_of_tag(tag: Tag) -> str:
    """Return how many tickets have a tag, as people read it. One query."""
    return shown(tag.tickets.order_by()[:COUNT_LIMIT].count())


def list_tags(*, words: str = "", after: NameCursor | None = None) -> TagPage:
    """Return a page of the tags whose name holds every word. One query."""
    # Counted for each row shown, not for every tag there is.
    uses: QuerySet[Any, Any] = Tag.tickets.through.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
    counted = Subquery(uses.annotate(uses=Count("pk")).values_list("uses"), output_field=IntegerField())
    tags = Tag.objects.annotate(folded=Lower("name"), ticket_count=Coalesce(counted, 0))
    for word in words.split()[:10]:
        tags = tags.filter(name__icontains=word)
    if after is not None:
        tags = tags.filter(after.beyond("folded"))
    found = list(tags.order_by("folded", "pk").values("pk", "name", "folded", "ticket_count")[: PAGE_SIZE + 1])
    rows = tuple(TagRow(row["pk"], row["name"], row["ticket_count"]) for row in found[:PAGE_SIZE])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return TagPage(rows, NameCursor(last["folded"], last["pk"]) if last else None)
