"""Finding a mail by any id somebody may hold in hand.

Besides the words of Message-ID, addresses and subject these are: the desk's own reply and return addresses, the id
another server gave a mail it took, an IMAP UID, and the numbers of tickets, mails and deliveries.
"""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from deskhand.mail.addresses import read_bounce_address, read_reply_address
from deskhand.mail.models import Delivery, ImapMail
from deskhand.mail.models.outbound import words_of_delivery

_NUMBER = re.compile(r"^#?(\d{1,12})$", re.ASCII)
_PIECES = re.compile(r"[^\s<>,;:\"()]+")
_WORDS = re.compile(r"[^\s@.<>\-_+=/#'\\\x00]+")
_MOST_PIECES = 5
_SHORTEST_ID = 5


def came_in_named(search: str) -> Q:
    """Return what keeps mail that came in and that the search names by an id; nothing where it names none."""
    found = Q(ticket__number__in=_ticket_numbers(search))
    number = _number(search)
    if number is not None and not search.strip().startswith("#"):
        found |= Q(pk=number) | Q(pk__in=ImapMail.objects.filter(uid=number).values("mail"))
    return found


def went_out_named(search: str) -> Q:
    """Return what keeps mail that went out and that the search names by an id; nothing where it names none."""
    returned = [one for piece in _pieces(search) if (one := read_bounce_address(piece)) is not None]
    found = Q(ticket__number__in=_ticket_numbers(search)) | Q(pk__in=_mails(Q(pk__in=returned)))
    number = _number(search)
    if number is not None and not search.strip().startswith("#"):
        return found | Q(pk=number) | Q(pk__in=_mails(Q(pk=number)))
    words = _WORDS.findall(search.lower())
    if len(search.split()) == 1 and len(search.strip()) >= _SHORTEST_ID and words:
        query = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
        said = Delivery.objects.alias(said=words_of_delivery()).filter(said=query)
        found |= Q(pk__in=said.values("mail"))
    return found


def _mails(named: Q) -> object:
    return Delivery.objects.filter(named).values("mail")


def _ticket_numbers(search: str) -> list[int]:
    numbers = [number] if (number := _number(search)) is not None else []
    tokens = map(read_reply_address, _pieces(search))
    numbers += [token.ticket_number for token in tokens if token is not None]
    return numbers


def _number(search: str) -> int | None:
    found = _NUMBER.match(search.strip())
    return int(found[1]) if found else None


def _pieces(search: str) -> list[str]:
    return _PIECES.findall(search)[:_MOST_PIECES]
