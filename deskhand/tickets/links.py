"""Signed links for one contact, as mails carry them: to a ticket without an account, to unfollow, approve, rate.

A link names what it is about, the contact and when it ends, and says what it is for; it is stored nowhere. Whether
the contact may still see it is asked again each time it is opened.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from deskhand.clients.models import Contact
from deskhand.tickets.models import Ticket
from deskhand.tickets.models.ticket import TicketQuerySet

LIFETIME = timedelta(days=30)
_SIGNATURE_BYTES = 20
_TOKEN = re.compile(
    r"^((?P<public_id>[A-Za-z0-9_-]{22})\.(?P<contact>[0-9]{1,12})\.(?P<ends>[0-9]{1,11})(?:\.(?P<mark>[0-9]{1,17}))?)"
    r"\.(?P<signature>[a-z2-7]{32})$",
    re.ASCII,
)


class Purpose(StrEnum):
    """What a link is for; one for the one opens nothing of the other."""

    GUEST = "guest"
    UNFOLLOW = "unfollow"
    APPROVAL = "approval"
    RATING = "rating"


class LinkNotValid(Exception):
    """The link is forged or expired, or its contact may no longer see the ticket. Never tell which."""


@dataclass(frozen=True)
class Claim:
    """What a valid link names: the row it is about by its public id, whom it was sent to, and a mark of its maker."""

    public_id: str
    contact: Contact
    mark: int


@dataclass(frozen=True)
class Guest:
    """Whom a valid link stands for, and the one ticket it opens."""

    ticket: Ticket
    contact: Contact


def token_for(purpose: Purpose, *, ticket: Ticket, contact: Contact, at: datetime) -> str:
    """Return the token of a link to a ticket made at `at`; it ends after 30 days."""
    return signed(purpose, public_id=ticket.public_id, contact=contact, ends_at=at + LIFETIME)


def signed(purpose: Purpose, *, public_id: str, contact: Contact, ends_at: datetime, mark: int = 0) -> str:
    """Return the token of a link to a row with a public id. `mark`: which state of the row is meant (0: any)."""
    value = f"{public_id}.{contact.pk}.{int(ends_at.timestamp())}" + (f".{mark}" if mark else "")
    return f"{value}.{_signature(purpose, value)}"


def read_claim(purpose: Purpose, token: str, *, now: datetime) -> Claim:
    """Return what the token names, with at most one query. Raises LinkNotValid."""
    found = _TOKEN.match(token)
    if found is None:
        raise LinkNotValid
    is_ours = constant_time_compare(found["signature"], _signature(purpose, found[1]))
    if not is_ours or now >= datetime.fromtimestamp(int(found["ends"]), UTC):
        raise LinkNotValid
    # Staff sign in: nothing that lies in a mailbox acts in an agent's name.
    people = Contact.objects.select_related("user", "client").filter(user__is_active=True, user__agent=None)
    contact = people.filter(pk=int(found["contact"])).first()
    if contact is None:
        raise LinkNotValid
    return Claim(found["public_id"], contact, int(found["mark"] or 0))


def read_token(purpose: Purpose, token: str, *, now: datetime) -> Guest:
    """Return the ticket a token opens and for whom, with at most two queries. Raises LinkNotValid."""
    claim = read_claim(purpose, token, now=now)
    ticket = seen_by(claim.contact).filter(public_id=claim.public_id).first()
    if ticket is None:
        raise LinkNotValid
    return Guest(ticket, claim.contact)


def seen_by(contact: Contact) -> TicketQuerySet:
    """Return the tickets links may open for a contact."""
    return Ticket.objects.visible_to(contact).select_related("client", "status")


def _signature(purpose: Purpose, value: str) -> str:
    digest = salted_hmac(f"deskhand.tickets.links.{purpose}", value, algorithm="sha256").digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode().lower()
