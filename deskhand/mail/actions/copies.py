"""People in copy of a client's mail: by themselves they never join, by the setting only colleagues of the sender do."""

from collections.abc import Collection
from datetime import datetime

from deskhand.accounts.models import User
from deskhand.clients.actions.people import client_of_domain, find_or_create_contact
from deskhand.clients.models import Contact
from deskhand.core.remembering import remembered
from deskhand.events import Act, Via
from deskhand.mail.addresses import is_own
from deskhand.mail.first_look import is_usable
from deskhand.mail.message import Address, ParsedMail
from deskhand.mail.models import MailSettings
from deskhand.mail.queries.senders import remember_person
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.models import Ticket

MOST_COPIES = 20


def let_copies_join(
    mail: ParsedMail, *, sender: Contact, ticket: Ticket, own: Collection[str], at: datetime
) -> list[Contact]:
    """Make those in To and Cc participants who belong to the ticket's client; returns who was named.

    The sender must be on the ticket and beyond doubt. An address nobody knows counts if its domain is the client's.
    The desk's addresses, its staff, and people of anybody else never join.
    """
    if ticket.client_id is None or sender.client_id != ticket.client_id:
        return []
    if not remembered("mail settings", MailSettings.current).copies_join:
        return []
    named = {one.address.lower(): one for one in (*mail.to, *mail.cc) if is_usable(one.address)}
    named.pop(sender.email.lower(), None)
    act = Act(actor=sender.user, at=at, via=Via.MAIL)
    joining = [
        contact
        for one in list(named.values())[:MOST_COPIES]
        if not is_own(one.address, frozenset(own)) and (contact := _colleague(one, ticket, act)) is not None
    ]
    for contact in joining:
        add_participant(ticket_id=ticket.pk, contact=contact, act=act)
    return joining


def _colleague(one: Address, ticket: Ticket, act: Act) -> Contact | None:
    """The contact of the ticket's client who owns the address, made where only its domain is known."""
    owner = User.objects.with_address(one.address).select_related("agent", "contact").first()
    if owner is not None:
        contact: Contact | None = getattr(owner, "contact", None)
        is_colleague = contact is not None and contact.client_id == ticket.client_id and owner.is_active
        return contact if is_colleague and getattr(owner, "agent", None) is None else None
    client = client_of_domain(one.address)
    if client is None or client.pk != ticket.client_id:
        return None
    joining = find_or_create_contact(email=one.address, name=one.name, act=act)
    remember_person(one.address.lower(), joining.user)  # who may have written one of the next mails
    return joining
