"""Sending a mail once more because an agent asked for it."""

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.events import MailQueued, SendingAskedAgain
from deskhand.mail.models import Delivery, DeliveryState, SuppressedAddress

AGAIN = frozenset({DeliveryState.FAILED, DeliveryState.UNCLEAR})


class StillSuppressed(ValueError):
    """The address is on the list of those nothing is sent to."""


@transaction.atomic
def send_again(*, delivery_id: int, act: Act) -> None:
    """Put a failed or unclear delivery back into the outbox, for 72 hours of its own and with the same Message-ID.

    After an unclear end the person may get it twice: asking is the agent's decision. A delivery in any other state
    is left alone. Raises StillSuppressed.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("mail").get(pk=delivery_id)
    if delivery.state not in AGAIN:
        return
    if SuppressedAddress.objects.filter(address=delivery.address).exists():
        raise StillSuppressed(
            f"Mail to {delivery.address} came back for good. "
            "An admin can take the address off the list of undeliverable ones."
        )
    was = delivery.state
    delivery.state = DeliveryState.QUEUED
    delivery.next_try_at = delivery.first_tried_at = act.at
    delivery.attempts, delivery.settled_at = 0, None
    delivery.save(update_fields=["state", "next_try_at", "first_tried_at", "attempts", "settled_at"])
    if delivery.mail.ticket_id is not None:
        fact = SendingAskedAgain(
            subject_id=delivery.mail.ticket_id, delivery_id=delivery.pk, address=delivery.address, was=was
        )
        record(fact, act=act)
    record(MailQueued(subject_id=delivery.mail_id, delivery_ids=[delivery.pk]), act=act)
