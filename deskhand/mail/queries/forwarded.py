"""Whom a forwarded mail was from, and what of it would reach them, while nobody has decided."""

from dataclasses import dataclass

from deskhand.core.text import storable
from deskhand.mail.models import ForwardedSender
from deskhand.mail.parsing import parse
from deskhand.mail.passed_on import passed_on


@dataclass(frozen=True)
class OfferedFile:
    """A file of the agent's mail, and its place among them."""

    place: int
    name: str
    size_bytes: int


@dataclass(frozen=True)
class SenderOffer:
    """The person who may become the requester, and what would become their message.

    `is_file`: the mail came as a file, so that nothing of the agent's can be in it. `files` are none of it then.
    """

    name: str
    address: str
    text: str
    files: list[OfferedFile]
    is_file: bool


def offered_sender(ticket_id: int) -> SenderOffer | None:
    """Return whom a ticket's forwarded mail is from; None where there is nothing to decide. One query."""
    offer = ForwardedSender.objects.filter(ticket=ticket_id, decided_at=None).select_related("mail").first()
    if offer is None:
        return None
    found = passed_on(parse(bytes(offer.mail.raw)))
    files = enumerate(found.files) if found else ()
    return SenderOffer(
        name=offer.name,
        address=offer.address,
        text=storable(found.text).strip() if found else "",
        files=[OfferedFile(place, one.name, len(one.content)) for place, one in files],
        is_file=bool(found and found.original),
    )
