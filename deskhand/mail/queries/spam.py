"""What the settings show of the spam list."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from deskhand.core.paging import PAGE_SIZE, NameCursor
from deskhand.mail.models import SpamListing
from deskhand.mail.queries.senders import listing_for


@dataclass(frozen=True)
class ListingRow:
    """One entry: who is refused, since when, and because of which ticket or by whom."""

    id: int
    value: str
    is_domain: bool
    added_at: datetime
    added_by: str
    ticket_number: int | None


@dataclass(frozen=True)
class ListingPage:
    """One page of the list."""

    rows: tuple[ListingRow, ...]
    next_cursor: NameCursor | None


def spam_list(*, words: str = "", after: NameCursor | None = None) -> ListingPage:
    """Return a page of the list in alphabetical order, of entries that hold every word. One query."""
    listings = SpamListing.objects.select_related("ticket", "added_by")
    for word in words.lower().split()[:10]:
        listings = listings.filter(value__contains=word)
    if after is not None:
        listings = listings.filter(after.beyond("value"))
    found = list(listings.order_by("value", "pk")[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return ListingPage(tuple(map(_row, found[:PAGE_SIZE])), NameCursor(last.value, last.pk) if last else None)


def still_refused(value: str) -> str:
    """Return what the list still says about an entry that was taken off: what covers it, and what lies below it."""
    if covering := listing_for(value):
        return f"Mail from {value} is still refused, because {covering.value} is on the list."
    if "@" not in value and (count := SpamListing.objects.filter(_below(value)).count()):
        stay = "1 entry below it stays" if count == 1 else f"{count} entries below it stay"
        return f"Mail from {value} makes tickets again, but {stay} on the list."
    return ""


def _below(domain: str) -> Q:
    return Q(value__endswith=f"@{domain}") | Q(value__endswith=f".{domain}")


def _row(row: SpamListing) -> ListingRow:
    return ListingRow(
        id=row.pk,
        value=row.value,
        is_domain=row.is_domain,
        added_at=row.added_at,
        added_by=row.added_by.name if row.added_by else "",
        ticket_number=row.ticket.number if row.ticket else None,
    )
