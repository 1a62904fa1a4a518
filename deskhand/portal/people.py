"""The people of a client as the colleague who manages them sees them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Lower

from deskhand.clients.models import Client, Contact, Invitation


@dataclass(frozen=True)
class PersonLine:
    """A colleague: who it is, what they may do in a few words, and when they were last here."""

    id: int
    name: str
    picture: str
    email: str
    is_oneself: bool
    rights: tuple[str, ...]
    seen_at: datetime | None


def people_of(client: Client, *, reader: Contact) -> list[PersonLine]:
    """Return everyone of the client who may sign in, by name. One query."""
    active = Contact.objects.visible_to(reader).with_people().filter(client=client, user__is_active=True)
    return [line_of(person, reader=reader) for person in active.order_by("user__name", "pk")]


@dataclass(frozen=True)
class InvitationLine:
    """Somebody who was invited and did not come yet."""

    id: int
    name: str
    address: str
    rights: tuple[str, ...]
    sent_at: datetime


def invitations_for(reader: Contact) -> list[InvitationLine]:
    """Return what waits at the reader's client, by name; not who came another way meanwhile. One query."""
    here = Contact.objects.visible_to(reader).filter(client=reader.client_id).annotate(address=Lower("user__email"))
    waiting = Invitation.objects.visible_to(reader).exclude(address__in=here.values("address"))
    return [
        InvitationLine(row.pk, row.name, row.address, _rights(row), row.sent_at)
        for row in waiting.order_by("name", "pk")
    ]


def line_of(person: Contact, *, reader: Contact) -> PersonLine:
    """Return one person, loaded with their user."""
    return PersonLine(
        id=person.pk,
        name=person.name,
        picture=person.user.picture_key,
        email=person.email,
        is_oneself=person.pk == reader.pk,
        rights=_rights(person),
        seen_at=person.user.seen_at,
    )


def _rights(person: Contact | Invitation) -> tuple[str, ...]:
    seen = "All tickets" if person.sees_whole_client else "Own tickets"
    further = {"Maintenance": person.sees_maintenance, "Manages people": person.is_client_admin}
    return (seen, *(words for words, holds in further.items() if holds))
