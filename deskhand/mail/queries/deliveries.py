"""How far mail came, recipient by recipient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.mail.models import Delivery, DeliveryState, OutboundKind

_WORST_FIRST = (
    DeliveryState.UNCLEAR,
    DeliveryState.FAILED,
    DeliveryState.DEFERRED,
    DeliveryState.SENDING,
    DeliveryState.QUEUED,
    DeliveryState.SUPPRESSED,
    DeliveryState.SENT,
    DeliveryState.CAPTURED,
)
TROUBLES = frozenset({DeliveryState.UNCLEAR, DeliveryState.FAILED})


@dataclass(frozen=True)
class DeliveryRow:
    """One recipient of one mail, as pages show it."""

    id: int
    address: str
    state: DeliveryState
    server_answer: str
    attempts: int
    next_try_at: datetime | None
    settled_at: datetime | None

    @property
    def is_trouble(self) -> bool:
        """Whether someone should look at it: it failed, or nobody knows."""
        return self.state in TROUBLES

    @property
    def is_suppressed(self) -> bool:
        """Whether nothing was sent, because nothing may go to that address."""
        return self.state == DeliveryState.SUPPRESSED

    @property
    def is_unclear(self) -> bool:
        """Whether it may have arrived, so that sending it again may double it."""
        return self.state == DeliveryState.UNCLEAR


def row_of(delivery: Delivery) -> DeliveryRow:
    """Return a delivery as pages show it."""
    return DeliveryRow(
        id=delivery.pk,
        address=delivery.address,
        state=DeliveryState(delivery.state),
        server_answer=delivery.server_answer,
        attempts=delivery.attempts,
        next_try_at=delivery.next_try_at,
        settled_at=delivery.settled_at,
    )


def worst_of(deliveries: Iterable[DeliveryRow]) -> DeliveryRow | None:
    """Return the recipient that most needs a look, None of none."""
    return min(deliveries, key=lambda one: _WORST_FIRST.index(one.state), default=None)


def deliveries_of_ticket(ticket_id: int) -> dict[int, tuple[DeliveryRow, ...]]:
    """Return the recipients of each message that was mailed, by the message's id. One query."""
    found: dict[int, list[DeliveryRow]] = {}
    for delivery in _of_ticket(ticket_id):
        if delivery.mail.entry_id is not None:
            found.setdefault(delivery.mail.entry_id, []).append(row_of(delivery))
    return {entry_id: tuple(deliveries) for entry_id, deliveries in found.items()}


@built_once
def _of_ticket(ticket_id: int) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(mail__ticket=ticket_id, mail__kind=OutboundKind.REPLY)
    return rows.select_related("mail").defer("mail__text", "mail__html").order_by("id")
