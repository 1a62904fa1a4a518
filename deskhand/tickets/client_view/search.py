"""Finding tickets by words, in what clients can read and nowhere else."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from deskhand.core.text import one_line
from deskhand.tickets.models import Message, Ticket

MAXIMUM_WORDS = 8
_NOT_IN_LEXEMES = str.maketrans({"'": " ", "\\": " ", '"': " "})


def matching(tickets: QuerySet[Ticket], typed: str) -> QuerySet[Ticket]:
    """Keep tickets in which every typed word begins some word of the subject or of a message clients can read.

    "#1042" or "1042" also finds the ticket of that number. Words beyond the eighth are not looked at.
    """
    words = words_of(typed)
    found = Q()
    for word in words:
        found &= _contains(word)
    number = one_line(typed).removeprefix("#")
    if number.isascii() and number.isdecimal():
        found |= Q(number=int(number))
    return tickets.filter(found) if words else tickets.none()


def words_of(typed: str) -> list[str]:
    """Return the words to look for, at most eight."""
    parts = one_line(typed).translate(_NOT_IN_LEXEMES).split()
    # A part without letters and digits, such as "-", is no word to PostgreSQL and would match nothing.
    return [part for part in parts if any(character.isalnum() for character in part)][:MAXIMUM_WORDS]


def beginning(word: str) -> SearchQuery:
    """Return the query for words that begin with one of `words_of`."""
    # Quoted, so that nothing in the word is an operator; PostgreSQL takes it apart as it took the text apart.
    return SearchQuery(f"'{word}':*", config="simple", search_type="raw")


def _contains(word: str) -> Q:
    query = beginning(word)
    messages = Message.objects.filter(ticket=OuterRef("pk"), words=query).shown_to_clients()
    return Q(subject_words=query) | Q(Exists(messages))
