"""Addresses in a mail that stand for its reader: to see the ticket without an account, and to unfollow it.

Whoever reads the mail can use them, so only a mail to one single contact carries any.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from deskhand.clients.models import Contact
from deskhand.mail.models import OutboundMail
from deskhand.tickets.links import Purpose, token_for
from deskhand.tickets.models import Ticket


def online_address(ticket: Ticket, addresses: Sequence[str], *, at: datetime) -> str:
    """Return where the readers of a mail see the ticket: by signing in, or one without a password by a signed link."""
    contact = _only_reader(addresses)
    if contact is None or contact.user.has_usable_password():
        return f"{settings.BASE_URL}/tickets/{ticket.number}"
    token = token_for(Purpose.GUEST, ticket=ticket, contact=contact, at=at)
    return settings.BASE_URL + reverse("portal:guest", args=[token])


def without_links(text: str) -> str:
    """Return what a mail says without such addresses: quoted in an answer, others of the ticket would read them."""
    ours = re.escape(settings.BASE_URL)
    return re.sub(rf"{ours}/(?:t|unfollow)/[^\s\"'<>)\]]+", f"{settings.BASE_URL}/tickets", text)


def unfollow_address(mail: OutboundMail) -> str:
    """Return where the only reader of a mail about a ticket can unfollow it; empty for any other mail."""
    if mail.ticket is None or len(mail.to_addresses) + len(mail.cc_addresses) != 1:
        return ""
    contact = _only_reader([mail.recipients_line])
    if contact is None:
        return ""
    token = token_for(Purpose.UNFOLLOW, ticket=mail.ticket, contact=contact, at=mail.created_at)
    return settings.BASE_URL + reverse("portal:unfollow", args=[token])


def _only_reader(addresses: Sequence[str]) -> Contact | None:
    if len(addresses) != 1:
        return None
    return Contact.objects.with_address(addresses[0]).filter(user__agent=None).select_related("user").first()
