"""Contacts as staff see them: addresses and numbers only where the role grants them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Lower

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.clients.models import Client, Contact, ContactQuerySet
from deskhand.core.names import without_address
from deskhand.core.paging import PAGE_SIZE, NameCursor

MOST_MATCHES = 8


@dataclass(frozen=True)
class PersonRow:
    """A contact in a list. `email` and `phone` are empty for agents who may not see contact details."""

    id: int
    name: str
    email: str
    phone: str
    title: str
    client: str
    client_public_id: str
    is_active: bool
    sees_whole_client: bool
    sees_maintenance: bool
    is_client_admin: bool
    seen_at: datetime | None
    key: str
    """What keeps the color of the person's initials; never shown."""
    picture: str


@dataclass(frozen=True)
class PeoplePage:
    """Up to 50 contacts by name, and where the next page begins (None at the end)."""

    rows: tuple[PersonRow, ...]
    next_cursor: NameCursor | None


def list_people(
    agent: Agent, *, words: str = "", without_client: bool = False, after: NameCursor | None = None
) -> PeoplePage:
    """Return a page of contacts, of all clients or of none. One query."""
    people = _matching(agent, words)
    if without_client:
        people = people.filter(client=None)
    if after is not None:
        people = people.filter(after.beyond("folded"))
    found = list(people[: PAGE_SIZE + 1])
    rows = tuple(_row(contact, agent) for contact in found[:PAGE_SIZE])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    cursor = NameCursor(last.folded, last.pk) if last else None  # type: ignore[attr-defined]  # see _matching
    return PeoplePage(rows, cursor)


def match_people(agent: Agent, words: str) -> list[PersonRow]:
    """Return up to eight contacts for what is being typed; none for nothing typed. One query."""
    if not words.strip():
        return []
    return [_row(contact, agent) for contact in _matching(agent, words).filter(user__is_active=True)[:MOST_MATCHES]]


def people_of(agent: Agent, client: Client) -> list[PersonRow]:
    """Return the contacts of a client, by name. One query."""
    return [_row(contact, agent) for contact in _matching(agent, "").filter(client=client)]


def person_row(agent: Agent, contact: Contact) -> PersonRow:
    """Return one contact, loaded with person and client."""
    return _row(contact, agent)


def _matching(agent: Agent, words: str) -> ContactQuerySet:
    people = Contact.objects.visible_to(agent).with_people().annotate(folded=Lower("user__name"))
    for word in words.split()[:10]:
        holds = Q(user__name__icontains=word) | Q(client__name__icontains=word)
        # Else the addresses could be guessed letter by letter.
        if agent.may(Permission.CLIENTS_CONTACT_DETAILS):
            holds |= Q(user__email__icontains=word)
        people = people.filter(holds)
    return people.order_by("folded", "pk")


def _row(contact: Contact, agent: Agent) -> PersonRow:
    shows_details = agent.may(Permission.CLIENTS_CONTACT_DETAILS)
    return PersonRow(
        id=contact.pk,
        name=contact.name if shows_details else without_address(contact.name),
        email=contact.email if shows_details else "",
        phone=contact.phone if shows_details else "",
        title=contact.title,
        client=contact.client.name if contact.client else "",
        client_public_id=contact.client.public_id if contact.client else "",
        is_active=contact.user.is_active,
        sees_whole_client=contact.sees_whole_client,
        sees_maintenance=contact.sees_maintenance,
        is_client_admin=contact.is_client_admin,
        seen_at=contact.user.seen_at,
        key=contact.email,
        picture=contact.user.picture_key,
    )
