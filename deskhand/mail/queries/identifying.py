"""Finding a mail by any id somebody may hold in hand.

Besides the words of Message-ID, addresses and subject these are: the desk's own reply and return addresses, a
recipient whom only the envelope named, the id a provider or another server gave a mail, an IMAP UID, the hash of the
content, the id of the message it became, and the numbers of tickets, mails and deliveries.
"""

import re
from itertools import chain

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from deskhand.mail.addresses import read_bounce_address, read_reply_address
from deskhand.mail.models import Delivery, ImapMail, InboundMail, OutboundMail, ProviderMail
from deskhand.mail.models.outbound import words_of_delivery

_NUMBER = re.compile(r"^\[?#?(\d{1,12})\]?$", re.ASCII)
_PIECES = re.compile(r"[^\s<>,;:\"()]+")
_WORDS = re.compile(r"[^\s@.<>\-_+=/#'\\\x00]+")
_HASH = re.compile(r"^[0-9a-f]{64}$")
_MOST_PIECES = 5
_SHORTEST_ID = 5


def came_in_named(search: str) -> Q:
    """Return what keeps mail that came in and that the search names by an id; nothing where it names none.

    Five queries by indexes at most.
    """
    found = Q(ticket__number__in=_ticket_numbers(search))
    number = _number(search)
    if number is not None and "#" not in search:
        found |= Q(pk=number) | Q(pk__in=ImapMail.objects.filter(uid=number).values("mail"))
    name = _one_name(search)
    return found | Q(pk__in=_named_in(name)) if name else found


def went_out_named(search: str) -> Q:
    """Return what keeps mail that went out and that the search names by an id; nothing where it names none.

    Two queries by indexes at most.
    """
    returned = [one for piece in _pieces(search) if (one := read_bounce_address(piece)) is not None]
    found = Q(ticket__number__in=_ticket_numbers(search)) | Q(pk__in=_mails(Q(pk__in=returned)))
    number = _number(search)
    if number is not None and "#" not in search:
        return found | Q(pk=number) | Q(pk__in=_mails(Q(pk=number)))
    name = _one_name(search)
    return found | Q(pk__in=_named_out(name)) if name else found


def _named_in(name: str) -> list[int]:
    """The ids of mail that came in and is called so. Asked for beforehand, so that the log's own indexes serve."""
    mails, either = InboundMail.objects.order_by(), {name, name.lower()}
    called = [
        ProviderMail.objects.filter(provider_id__in=either).values_list("mail", flat=True),
        mails.filter(entry__public_id=name).values_list("pk", flat=True),
    ]
    if _HASH.match(name.lower()):
        first = mails.filter(content_hash=name.lower(), duplicate_of=None).values_list("pk", flat=True)
        called += [first, mails.filter(duplicate_of__in=first).values_list("pk", flat=True)]
    if "@" in name:
        called.append(mails.filter(envelope_to__overlap=list(either)).values_list("pk", flat=True))
    return list(chain.from_iterable(called))


def _named_out(name: str) -> list[int]:
    """The ids of mail that went out and is called so, by this desk or by a server that took it."""
    mails = OutboundMail.objects.order_by().filter(entry__public_id=name)
    words = _WORDS.findall(name.lower())
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
    said = Delivery.objects.alias(said=words_of_delivery()).filter(said=query) if words else Delivery.objects.none()
    return [*mails.values_list("pk", flat=True), *said.values_list("mail", flat=True)]


def _one_name(search: str) -> str:
    """The search as the one id it may be, without the brackets it may stand in; empty where it is no id."""
    name = search.strip().strip("<>")
    return name if len(name) >= _SHORTEST_ID and len(name.split()) == 1 and "\x00" not in name else ""


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
