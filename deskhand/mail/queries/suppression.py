"""The list of addresses to which nothing is sent."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.core.paging import PAGE_SIZE, NameCursor
from deskhand.mail.models import SuppressedAddress


@dataclass(frozen=True)
class SuppressedRow:
    """An address, what the other server said, and the mail in the log that came back, if it is still there."""

    id: int
    address: str
    reason: str
    added_at: datetime
    mail_id: int | None


@dataclass(frozen=True)
class SuppressedPage:
    """One page of the list."""

    rows: tuple[SuppressedRow, ...]
    next_cursor: NameCursor | None


def suppressed_addresses(*, words: str = "", after: NameCursor | None = None) -> SuppressedPage:
    """Return one page of the addresses, in their order; `words` must occur in them. One query."""
    found = SuppressedAddress.objects.select_related("delivery").order_by("address", "pk")
    if words:
        found = found.filter(address__contains=words.lower())
    if after is not None:
        found = found.filter(after.beyond("address"))
    rows = tuple(
        SuppressedRow(row.pk, row.address, row.reason, row.added_at, row.delivery.mail_id if row.delivery else None)
        for row in found[: PAGE_SIZE + 1]
    )
    page = rows[:PAGE_SIZE]
    return SuppressedPage(page, NameCursor(page[-1].address, page[-1].id) if len(rows) > PAGE_SIZE else None)
