"""Whom a forwarded mail was from, while nobody has decided."""

from dataclasses import dataclass

from deskhand.mail.models import ForwardedSender


@dataclass(frozen=True)
class SenderOffer:
    """The person who may become the requester."""

    name: str
    address: str


def offered_sender(ticket_id: int) -> SenderOffer | None:
    """Return whom a ticket's forwarded mail is from; None where there is nothing to decide. One query."""
    offer = ForwardedSender.objects.filter(ticket=ticket_id, decided_at=None).first()
    return SenderOffer(offer.name, offer.address) if offer else None
