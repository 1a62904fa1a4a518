"""Giving a ticket to the contact who really asked."""

from django.db import transaction

from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.events import RequesterChanged


class AlreadyShared(ValueError):
    """Something in the ticket was meant for whoever is its requester now."""

    def __init__(self) -> None:
        super().__init__("Messages were exchanged on this ticket already. Open a new one for the other person.")


@transaction.atomic
def change_requester(*, ticket_id: int, contact: Contact, act: Act) -> None:
    """Make a contact the requester, and their client the ticket's; doing so twice does nothing.

    Only while no client could read any of it, so that nobody sees what was written for someone else. Raises
    AlreadyShared.
    """
    ticket = locked(ticket_id)
    if ticket.requester_id == contact.pk:
        return
    if ticket.messages.exists() or ticket.participants.exists():
        raise AlreadyShared
    old_name = ticket.requester.name
    ticket.requester, ticket.client = contact, contact.client
    ticket.save(update_fields=["requester", "client"])
    record(RequesterChanged(subject_id=ticket.pk, old_name=old_name, new_name=contact.name), act=act)
