"""The spam list: whose mail is refused before it becomes a ticket. Domains stand there in their ASCII form."""

import re

from django.db import transaction
from django.db.models import Count, Q

from deskhand.accounts.models import Agent, User
from deskhand.clients.domains import PUBLIC, DomainNotValid, ascii_name_of
from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.addresses import ascii_domain, is_own, own_addresses
from deskhand.mail.events import SpamListed, SpamUnlisted
from deskhand.mail.first_look import is_usable
from deskhand.mail.models import InboundMail, SpamListing, Verdict
from deskhand.tickets.models import Ticket

NAMED = 3
"""As many clients are named where a domain would hurt more of them."""
_LOCAL_PART = re.compile(r"[^\s@<>()\[\]:;,\\\"]+")
_EVERYBODY_AT = re.compile(r"^\*?[@.]")
"""How people write that they mean a whole domain, as in @example.com or *.example.com."""


class ListingNotValid(ValueError):
    """What was entered cannot be on the list; the message says why."""


class ListingHurts(ListingNotValid):
    """Mail that is wanted comes from there, as far as one can tell; who is sure may list it all the same."""


@transaction.atomic
def list_sender(*, value: str, act: Act, is_sure: bool = False) -> tuple[SpamListing, bool]:
    """Put an address or a domain on the list; one that is there stays. Returns the entry, and whether it is new.

    Raises ListingNotValid, and ListingHurts unless somebody `is_sure`.
    """
    entered = _entered(value)
    _require_foreign(entered)
    if not is_sure and not SpamListing.objects.filter(value=entered).exists():
        _require_harmless(entered)
    return _put(entered, None, act=act)


@transaction.atomic
def unlist_sender(*, listing_id: int, act: Act) -> None:
    """Take an entry off the list."""
    row = SpamListing.objects.select_for_update().filter(pk=listing_id).first()
    if row is not None:
        _take_off(row, act=act)


@transaction.atomic
def list_sender_of(*, ticket_id: int, act: Act) -> None:
    """Put the sender of a ticket that was marked as spam on the list; never staff, never the desk itself."""
    ticket = Ticket.objects.select_related("requester__user").get(pk=ticket_id)
    for address in _senders(ticket):
        try:
            _require_foreign(address)
        except ListingNotValid:
            continue
        _put(address, ticket, act=act)


@transaction.atomic
def unlist_sender_of(*, ticket_id: int, act: Act) -> None:
    """Take the sender of a ticket that is no spam after all off the list; an entry for a whole domain stays."""
    ticket = Ticket.objects.select_related("requester__user").get(pk=ticket_id)
    by_ticket = SpamListing.objects.select_for_update().filter(ticket=ticket)
    by_address = SpamListing.objects.select_for_update().filter(value__in=_senders(ticket))
    for row in {row.pk: row for row in [*by_ticket, *by_address]}.values():
        _take_off(row, act=act)


def _senders(ticket: Ticket) -> list[str]:
    opened_by = InboundMail.objects.filter(ticket=ticket, verdict=Verdict.TICKET_OPENED).exclude(from_address="")
    written = list(opened_by.values_list("from_address", flat=True)[:1])
    flat = (ascii_domain(address.lower()) for address in [ticket.requester.user.email, *written])
    return [address for address in dict.fromkeys(flat) if is_usable(address)]


def _entered(value: str) -> str:
    """Return the address or domain that somebody entered, as it stands on the list. Raises ListingNotValid."""
    local, at, domain = _EVERYBODY_AT.sub("", value.strip().lower()).rpartition("@")
    try:
        flat = f"{local}{at}{ascii_name_of(domain)}"
    except DomainNotValid as error:
        raise _no_sender() from error
    if at and not (_LOCAL_PART.fullmatch(local) and is_usable(flat)):
        raise _no_sender()
    return flat


def _no_sender() -> ListingNotValid:
    return ListingNotValid(
        "Enter an address such as ann@example.com, or a domain such as example.com, and nothing else:"
        " no web address, and no * within."
    )


def _require_foreign(value: str) -> None:
    """Raises ListingNotValid for an address, or a domain with one, of the desk or of someone who works here."""
    at = "@" in value
    own = frozenset(map(ascii_domain, own_addresses()))
    if is_own(value, own) or any(one.endswith(f"@{value}") for one in own):
        raise ListingNotValid("This is an address of the desk itself.")
    if at and Agent.objects.filter(user__in=User.objects.with_address(value)).exists():
        raise ListingNotValid("This is the address of someone who works here.")


def _require_harmless(value: str) -> None:
    """Raises ListingHurts for a domain from which contacts of clients write, or where anybody has an address."""
    if "@" in value:
        return
    if value in PUBLIC:
        raise ListingHurts(f"Anybody can have an address at {value}: this would refuse them all.")
    primary = Q(user__email__iendswith=f"@{value}") | Q(user__email__iendswith=f".{value}")
    other = Q(user__emailaddress__email__iendswith=f"@{value}") | Q(user__emailaddress__email__iendswith=f".{value}")
    writing = Contact.objects.filter(primary | other, client__isnull=False).values_list("client__name")
    clients = list(writing.annotate(count=Count("pk", distinct=True)).order_by("-count", "client__name"))
    if clients:
        named = [f"{count} of {name}" for name, count in clients[:NAMED]]
        more = [f"those of {len(clients) - NAMED} more"] if len(clients) > NAMED else []
        raise ListingHurts(f"Contacts write from there, who would be refused too: {', '.join(named + more)}.")


def _put(value: str, ticket: Ticket | None, *, act: Act) -> tuple[SpamListing, bool]:
    row, is_new = SpamListing.objects.get_or_create(
        value=value, defaults={"ticket": ticket, "added_by_id": act.actor_id, "added_at": act.at}
    )
    if is_new:
        record(SpamListed(subject_id=row.pk, value=value, ticket_id=ticket.pk if ticket else None), act=act)
    return row, is_new


def _take_off(row: SpamListing, *, act: Act) -> None:
    record(SpamUnlisted(subject_id=row.pk, value=row.value), act=act)
    row.delete()
