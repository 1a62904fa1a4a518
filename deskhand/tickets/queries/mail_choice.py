"""Who of the client gets a ticket's messages by mail."""

from django.db.models import Exists, OuterRef

from deskhand.clients.models import Contact, ContactQuerySet
from deskhand.tickets.models import Participant, Ticket, Unfollowed


def is_in(ticket: Ticket, contact: Contact) -> bool:
    """Return whether the ticket's messages are addressed to the contact: its requester, and who is kept informed."""
    if ticket.requester_id == contact.pk:
        return True
    return Participant.objects.filter(ticket=ticket, contact=contact).exists()


def gets_mail_of(ticket: Ticket, contact: Contact) -> bool:
    """Return whether mail about a ticket the contact may see would go to them: in it, or reading all of the client."""
    if is_in(ticket, contact):
        return True
    is_of_client = ticket.client_id is not None and ticket.client_id == contact.client_id
    return is_of_client and contact.gets_all_ticket_mail and contact.sees_whole_client


def reading_all() -> ContactQuerySet:
    """Return who wants mail of all tickets of their client, and may see them all at this moment."""
    return Contact.objects.filter(gets_all_ticket_mail=True, sees_whole_client=True, user__is_active=True)


def unfollowed_by(contact: Contact) -> Exists:
    """Return whether the contact wants no mail about a row of tickets."""
    return Exists(Unfollowed.objects.filter(ticket=OuterRef("pk"), contact=contact.pk))


def people_by_mail(ticket: Ticket) -> list[Contact]:
    """Return whom a message goes to: the requester, participants as they came, colleagues who want mail of everything.

    Left out is who unfollowed the ticket, who reads messages in the portal alone, and who may not sign in any more.
    Four queries at most.
    """
    rows = ticket.participants.select_related("contact__user").order_by("id")
    everyone = dict.fromkeys([ticket.requester, *(row.contact for row in rows), *_reading_along(ticket)])
    without = set(Unfollowed.objects.filter(ticket=ticket).values_list("contact_id", flat=True))
    wanting = [person for person in everyone if person.gets_ticket_mail and person.pk not in without]
    return [person for person in wanting if person.user.is_active]


def _reading_along(ticket: Ticket) -> ContactQuerySet:
    if ticket.client_id is None:
        return Contact.objects.none()
    return reading_all().filter(client=ticket.client_id).with_people().order_by("pk")
