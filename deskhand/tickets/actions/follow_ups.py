"""Opening a new ticket that goes on where one stopped which was closed too long ago."""

from deskhand.clients.models import Contact
from deskhand.events import Act
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.models import Source, Ticket


def open_follow_up(earlier: Ticket, contact: Contact, first: NewMessage, *, act: Act) -> Ticket:
    """Open a ticket of the contact's that refers to an earlier one; sending the same form twice opens one."""
    new = NewTicket(
        subject=earlier.subject,
        requester=contact,
        author=contact.user,
        source=Source.PORTAL,
        category=earlier.category,
        follow_up_of=earlier,
    )
    return open_ticket(ticket=new, first=first, act=act)
