"""The spam list: whose mail is refused before it becomes a ticket."""

from django.db import transaction

from deskhand.accounts.models import Agent, User
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.addresses import is_own, own_addresses
from deskhand.mail.events import SpamListed, SpamUnlisted
from deskhand.mail.first_look import is_usable
from deskhand.mail.models import InboundMail, SpamListing, Verdict
from deskhand.tickets.models import Ticket


class ListingNotValid(ValueError):
    """What was entered cannot be on the list; the message says why."""


@transaction.atomic
def list_sender(*, value: str, act: Act) -> SpamListing:
    """Put an address or a domain on the list; one that is there stays. Raises ListingNotValid."""
    flat = value.strip().lower().removeprefix("@")
    _require_listable(flat)
    return _put(flat, None, act=act)


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
            _require_listable(address)
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
    return list(dict.fromkeys(address.lower() for address in [ticket.requester.user.email, *written] if address))


def _require_listable(value: str) -> None:
    local, at, domain = value.rpartition("@")
    if "." not in domain or not is_usable(f"{local or 'anyone'}@{domain}") or " " in value or (at and not local):
        raise ListingNotValid("Enter an address such as ann@example.com, or a domain such as example.com.")
    own = own_addresses()
    if is_own(value, own) or any(one.endswith(f"@{value}") for one in own):
        raise ListingNotValid("This is an address of the desk itself.")
    if at and Agent.objects.filter(user__in=User.objects.with_address(value)).exists():
        raise ListingNotValid("This is the address of someone who works here.")


def _put(value: str, ticket: Ticket | None, *, act: Act) -> SpamListing:
    row, is_new = SpamListing.objects.get_or_create(
        value=value, defaults={"ticket": ticket, "added_by_id": act.actor_id, "added_at": act.at}
    )
    if is_new:
        record(SpamListed(subject_id=row.pk, value=value, ticket_id=ticket.pk if ticket else None), act=act)
    return row


def _take_off(row: SpamListing, *, act: Act) -> None:
    record(SpamUnlisted(subject_id=row.pk, value=row.value), act=act)
    row.delete()
