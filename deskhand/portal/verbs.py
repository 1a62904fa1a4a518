"""What a client does on one ticket: routes that only take a POST, and find the ticket first."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.tickets.client_view import unread_by
from deskhand.tickets.models import Ticket
from deskhand.tickets.models.ticket import TicketQuerySet
from deskhand.tickets.queries.mail_choice import unfollowed_by
from deskhand.web.access import for_contacts
from deskhand.web.viewers import DeskRequest

# The first arguments are a DeskRequest and the ticket, then what else the route captures.
View = Callable[..., HttpResponseBase]


def ticket_verb(view: View) -> View:
    """Let contacts who see the ticket POST. A GET leads to it: someone loaded the page that had answered their form."""

    @for_contacts
    @wraps(view)
    def checked(request: DeskRequest, number: int, **captured: object) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("portal:ticket", number)
        return view(request, seen_ticket(request, number), **captured)

    return checked


def seen_ticket(request: DeskRequest, number: int) -> Ticket:
    """Return the ticket the contact may see, with what of it they have not read and whether they want its mail.

    Raises Http404 for everyone else's.
    """
    for ticket in _tickets(request.contact, number):
        return ticket
    raise Http404


@built_once
def _tickets(contact: Contact, number: int) -> TicketQuerySet:
    asked = {"unread": unread_by(contact.user), "is_unfollowed": unfollowed_by(contact)}
    tickets = Ticket.objects.visible_to(contact).annotate(**asked)
    return tickets.select_related("client").filter(number=number)
