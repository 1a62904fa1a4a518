"""Signed links to one ticket for one contact, as mails carry them: to see it without an account, and to unfollow it.

A link names the ticket, the contact and when it ends, and says what it is for; it is stored nowhere. Whether the
contact may still see the ticket is asked again each time it is opened.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from deskhand.clients.models import Contact
from deskhand.tickets.models import Ticket

LIFETIME = timedelta(days=30)
_SIGNATURE_BYTES = 20
_TOKEN = re.compile(r"^([A-Za-z0-9_-]{22})\.([0-9]{1,12})\.([0-9]{1,11})\.([a-z2-7]{32})$", re.ASCII)


class Purpose(StrEnum):
    """What a link is for; one for the one opens nothing of the other."""

    GUEST = "guest"
    UNFOLLOW = "unfollow"


class LinkNotValid(Exception):
    """The link is forged or expired, or its contact may no longer see the ticket. Never tell which."""


@dataclass(frozen=True)
class Guest:
    """Whom a valid link stands for, and the one ticket it opens."""

    ticket: Ticket
    contact: Contact


def token_for(purpose: Purpose, *, ticket: Ticket, contact: Contact, at: datetime) -> str:
    """Return the token of a link made at `at`; it ends after 30 days."""
    value = f"{ticket.public_id}.{contact.pk}.{int((at + LIFETIME).timestamp())}"
    return f"{value}.{_signature(purpose, value)}"


def read_token(purpose: Purpose, token: str, *, now: datetime) -> Guest:
    """Return whom the token stands for, with at most two queries. Raises LinkNotValid."""
    found = _TOKEN.match(token)
    if found is None:
        raise LinkNotValid
    public_id, contact_id, ends, signature = found.groups()
    is_ours = constant_time_compare(signature, _signature(purpose, f"{public_id}.{contact_id}.{ends}"))
    if not is_ours or now >= datetime.fromtimestamp(int(ends), UTC):
        raise LinkNotValid
    # Staff sign in: nothing that lies in a mailbox acts in an agent's name.
    people = Contact.objects.select_related("user", "client").filter(user__is_active=True, user__agent=None)
    contact = people.filter(pk=int(contact_id)).first()
    if contact is None:
        raise LinkNotValid
    seen = Ticket.objects.visible_to(contact).select_related("client", "status")
    ticket = seen.filter(public_id=public_id).first()
    if ticket is None:
        raise LinkNotValid
    return Guest(ticket, contact)


def _signature(purpose: Purpose, value: str) -> str:
    digest = salted_hmac(f"deskhand.tickets.links.{purpose}", value, algorithm="sha256").digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode().lower()
