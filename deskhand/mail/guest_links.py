"""Addresses in a mail that stand for its reader: to a ticket without an account, to unfollow, approve or rate.

Whoever reads the mail can use them, so only a mail to one single contact carries any.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from deskhand.allowances.models import Estimate
from deskhand.clients.models import Contact
from deskhand.mail.masking import without_links
from deskhand.mail.models import OutboundMail
from deskhand.tickets.links import LIFETIME, Purpose, signed, token_for
from deskhand.tickets.models import Ticket, Verdict
from deskhand.tickets.queries.ratings import resolution_of

__all__ = ["approval_address", "online_address", "rating_address", "unfollow_address", "without_links"]


def online_address(ticket: Ticket, addresses: Sequence[str], *, at: datetime) -> str:
    """Return where the readers of a mail see the ticket: by signing in, or one without a password by a signed link."""
    contact = _only_reader(addresses)
    if contact is None or contact.user.has_usable_password():
        return f"{settings.PORTAL_URL}/tickets/{ticket.number}"
    token = token_for(Purpose.GUEST, ticket=ticket, contact=contact, at=at)
    return settings.PORTAL_URL + reverse("portal:guest", args=[token])


def approval_address(estimate: Estimate, contact: Contact, *, at: datetime) -> str:
    """Return where the contact approves or declines this one estimate, for 30 days."""
    token = signed(Purpose.APPROVAL, public_id=estimate.public_id, contact=contact, ends_at=at + LIFETIME)
    return settings.PORTAL_URL + reverse("portal:approval_by_link", args=[token])


def rating_address(ticket: Ticket, contact: Contact, verdict: Verdict, *, days: int) -> str:
    """Return where the contact says how this resolution of a closed ticket was, for so many days after closing."""
    if ticket.closed_at is None:
        raise ValueError("Only a closed ticket is rated.")
    token = signed(
        Purpose.RATING,
        public_id=ticket.public_id,
        contact=contact,
        ends_at=ticket.closed_at + timedelta(days=days),
        mark=resolution_of(ticket),
    )
    return f"{settings.PORTAL_URL}{reverse('portal:rating_by_link', args=[token])}?verdict={verdict}"


def unfollow_address(mail: OutboundMail) -> str:
    """Return where the only reader of a mail about a ticket can unfollow it; empty for any other mail."""
    if mail.ticket is None or len(mail.to_addresses) + len(mail.cc_addresses) != 1:
        return ""
    contact = _only_reader([mail.recipients_line])
    if contact is None:
        return ""
    token = token_for(Purpose.UNFOLLOW, ticket=mail.ticket, contact=contact, at=mail.created_at)
    return settings.PORTAL_URL + reverse("portal:unfollow", args=[token])


def _only_reader(addresses: Sequence[str]) -> Contact | None:
    if len(addresses) != 1:
        return None
    return Contact.objects.with_address(addresses[0]).filter(user__agent=None).select_related("user").first()
