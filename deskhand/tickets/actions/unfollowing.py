"""Contacts choose for one ticket whether its messages come to them by mail; the portal shows them all the same."""

from django.db import transaction

from deskhand.clients.models import Contact
from deskhand.core.prepared import run
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import ContactFollowed, ContactUnfollowed
from deskhand.tickets.models import Ticket, Unfollowed

_FORGET = "DELETE FROM tickets_unfollowed WHERE ticket_id = %s AND contact_id = %s"


@transaction.atomic
def unfollow_as_contact(*, ticket_id: int, contact: Contact, act: Act) -> None:
    """Send the contact no further mail about the ticket; unfollowing twice does nothing."""
    ticket = locked(ticket_id)
    _, is_new = Unfollowed.objects.get_or_create(ticket=ticket, contact=contact, defaults={"unfollowed_at": act.at})
    if is_new:
        fact = ContactUnfollowed(subject_id=ticket.pk, contact_id=contact.pk, contact_name=contact.name)
        record(fact, act=act)


@transaction.atomic
def follow_as_contact(*, ticket_id: int, contact: Contact, act: Act) -> None:
    """Send the contact mail about the ticket again; following what was never unfollowed does nothing."""
    follow_again(locked(ticket_id), contact, act=act)


def follow_again(ticket: Ticket, contact: Contact, *, act: Act) -> None:
    """Follow a locked ticket again, because the contact asked for it or wrote something that wants an answer."""
    if run(_FORGET, [ticket.pk, contact.pk]):
        record(ContactFollowed(subject_id=ticket.pk, contact_id=contact.pk, contact_name=contact.name), act=act)
