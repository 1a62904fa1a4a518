"""Words that agents look for, in subjects, in messages, and in the names of people and clients."""

import re
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, ExpressionWrapper, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from deskhand.clients.models import Contact
from deskhand.core.prepared import rows_of
from deskhand.tickets.models import Message, Ticket
from deskhand.tickets.models.ticket import TicketQuerySet

MOST_WORDS = 10
_COMMON = 200
"""About what asking one ticket costs more than reading one message from the index, times the rows of a page."""
_HOLDING = "EXPLAIN (FORMAT JSON) SELECT id FROM tickets_message WHERE words @@ to_tsquery('simple', %s)"
_ALL = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'tickets_message'::regclass"


@dataclass(frozen=True)
class Words:
    """Words of which one text has to hold all, the beginning of a word being enough."""

    query: str
    """For PostgreSQL's `to_tsquery`."""
    patterns: str
    """For `LIKE`, parted by blanks."""
    is_common: bool
    """Whether so many messages hold them that the newest tickets are asked one by one sooner than all of them."""

    @classmethod
    def typed(cls, text: str) -> Self | None:
        """Return the words in what was typed, None where there are none. Two queries."""
        parts = re.findall(r"\w+", text)[:MOST_WORDS]
        if not parts:
            return None
        query = " & ".join(f"'{part}':*" for part in parts)
        patterns = " ".join("%" + part.replace("_", r"\_") + "%" for part in parts)
        return cls(query, patterns, _is_common(query))

    def shape(self) -> bool:
        """Whether they are common, see `core.shapes`."""
        return self.is_common

    def values(self) -> tuple[str, str]:
        """Return what texts and names are compared with."""
        return self.query, self.patterns

    @classmethod
    def standing_in(cls, shape: Any, values: tuple[str, str]) -> Self:
        """Return other words."""
        return cls(*values, is_common=shape)

    def held_by(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep tickets whose subject, one of whose messages, or whose requester and client hold them."""
        query = SearchQuery(self.query, config="simple", search_type="raw")
        messages, named = Message.objects.filter(words=query), Contact.objects.filter(self._is_named())
        if self.is_common:
            of_ticket = messages.filter(ticket=OuterRef("pk")).values("pk")[:1]
            said = tickets.alias(said=Subquery(of_ticket))
            return said.filter(Q(subject_words=query) | Q(said__isnull=False) | Q(requester__in=named))
        subjects = Ticket.objects.filter(subject_words=query).values("pk")
        of_people = Ticket.objects.filter(requester__in=named).values("pk")
        return tickets.filter(pk__in=subjects.union(messages.values("ticket"), of_people, all=True))

    def _is_named(self) -> Q:
        name = Concat("user__name", Value(" "), Coalesce("client__name", Value("")))
        patterns = Func(Value(self.patterns), Value(" "), function="string_to_array")
        is_like = Func(name, patterns, template="%(expressions)s)", arg_joiner=" ILIKE ALL (")
        return Q(ExpressionWrapper(is_like, output_field=BooleanField()))


def _is_common(query: str) -> bool:
    """Ask PostgreSQL how many messages it expects to hold the words, which takes it no look at any of them.

    Reading these, in no order, takes as long as they are many. Asking the newest tickets one by one, until a page is
    full, takes the longer the fewer hold the words. Both are equal where the square of the one number is about
    the other times a constant.
    """
    plan: Any = rows_of(_HOLDING, [query])[0][0]
    holding = int(plan[0]["Plan"]["Plan Rows"])
    return holding**2 > _COMMON * int(rows_of(_ALL, [])[0][0])
