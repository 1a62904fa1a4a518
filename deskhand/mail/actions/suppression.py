"""The list of addresses to which nothing is sent, because mail to them came back for good."""

from datetime import datetime

from django.db import transaction

from deskhand.core.text import shorten
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.mail.events import AddressReleased, AddressSuppressed
from deskhand.mail.models import Delivery, SuppressedAddress

REASON_LIMIT = 1000


@transaction.atomic
def suppress(*, delivery: Delivery, reason: str, at: datetime) -> None:
    """Send nothing more to the address of a delivery that came back for good; doing so twice changes nothing."""
    row, is_new = SuppressedAddress.objects.get_or_create(
        address=delivery.address.lower(),
        defaults={"reason": shorten(reason, REASON_LIMIT), "delivery": delivery, "added_at": at},
    )
    if is_new:
        fact = AddressSuppressed(subject_id=row.pk, address=row.address, reason=row.reason)
        record(fact, act=Act(actor=None, at=at, via=Via.SYSTEM))


@transaction.atomic
def release_address(*, row_id: int, act: Act) -> None:
    """Send to an address again. One that is not on the list any more needs nothing."""
    row = SuppressedAddress.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        return
    record(AddressReleased(subject_id=row.pk, address=row.address), act=act)
    row.delete()
