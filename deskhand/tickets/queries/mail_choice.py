"""Who of the client gets a ticket's messages by mail."""

from deskhand.clients.models import Contact
from deskhand.tickets.models import Participant, Ticket, Unfollowed


def is_in(ticket: Ticket, contact: Contact) -> bool:
    """Return whether the ticket's messages are addressed to the contact: its requester, and who is kept informed."""
    if ticket.requester_id == contact.pk:
        return True
    return Participant.objects.filter(ticket=ticket, contact=contact).exists()


def has_unfollowed(ticket: Ticket, contact: Contact) -> bool:
    """Return whether the contact wants no mail about this ticket."""
    return Unfollowed.objects.filter(ticket=ticket, contact=contact).exists()


def people_by_mail(ticket: Ticket) -> list[Contact]:
    """Return whom a message goes to: the requester first, then participants as they came. Two or three queries.

    Left out is who unfollowed the ticket, who reads messages in the portal alone, and who may not sign in any more.
    """
    rows = ticket.participants.select_related("contact__user").order_by("id")
    everyone = [ticket.requester, *(row.contact for row in rows)]
    without = set(Unfollowed.objects.filter(ticket=ticket).values_list("contact_id", flat=True))
    wanting = [person for person in everyone if person.gets_ticket_mail and person.pk not in without]
    return [person for person in wanting if person.user.is_active]
