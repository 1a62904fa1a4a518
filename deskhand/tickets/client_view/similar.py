"""Open tickets that may be about the same, for someone who begins a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, IntegerField, Q, Value, When

from deskhand.clients.models import Contact
from deskhand.core.text import one_line
from deskhand.tickets.models import Kind, Ticket

MOST_SHOWN = 3
MOST_WORDS = 8
_SHORTEST_WORD = 3
_SHORTEST_PLURAL = 5
# Words that tell nothing about what a ticket is about. Where they are of another language, they only cost precision.
_EMPTY = frozenset({
    "the", "and", "for", "not", "with", "does", "our", "are", "but", "can", "cannot", "could", "from", "has", "have",
    "how", "into", "its", "new", "now", "out", "please", "that", "this", "was", "when", "where", "which", "why", "will",
    "work", "works", "working", "doesn", "don", "you", "your", "problem", "issue", "question", "help", "page", "site",
})  # fmt: skip


@dataclass(frozen=True)
class SimilarTicket:
    """An open ticket the contact sees."""

    number: int
    subject: str

    @property
    def href(self) -> str:
        """The ticket's path in the portal."""
        return f"/tickets/{self.number}"


def similar_tickets(contact: Contact, subject: str) -> list[SimilarTicket]:
    """Return up to three open tickets that share words with a subject being typed, most first. One query.

    Two words must meet, or half of those that tell something; a word also meets longer ones it begins.
    """
    words = _telling_words(subject)
    if not words:
        return []
    meets = [Q(subject_words=SearchQuery(f"'{word}':*", config="simple", search_type="raw")) for word in words]
    score = reduce(add, (_one_if(meet) for meet in meets))
    needed = min(2, (len(words) + 1) // 2)
    found = (
        Ticket.objects.visible_to(contact)
        .exclude(kind=Kind.CLOSED)
        .annotate(score=score)
        .filter(score__gte=needed)
        .order_by(F("score").desc(), F("queue_at").desc(), "-id")
    )
    return [SimilarTicket(number, title) for number, title in found.values_list("number", "subject")[:MOST_SHOWN]]


def _one_if(meet: Q) -> Case:
    return Case(When(meet, then=Value(1)), default=Value(0), output_field=IntegerField())


def _telling_words(subject: str) -> Sequence[str]:
    """Return the first words that tell something, without a plural's s."""
    text = "".join(character if character.isalnum() else " " for character in one_line(subject)[:400].lower())
    words = [word for word in text.split() if len(word) >= _SHORTEST_WORD and word not in _EMPTY]
    return list(dict.fromkeys(_singular(word) for word in words))[:MOST_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word
