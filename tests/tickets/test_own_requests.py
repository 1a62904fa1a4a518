"""What is told without a query agrees with the query."""

from deskhand.clients.models import Contact
from deskhand.tickets.models import Ticket
from tests.cast import Cast


def agrees(contact: Contact, ticket: Ticket) -> bool:
    """Return what `is_request_of` says, having checked that the query says the same of a requester."""
    is_seen = Ticket.objects.visible_to(contact).filter(pk=ticket.pk).exists()
    assert ticket.is_request_of(contact) == (is_seen and ticket.requester_id == contact.pk)
    return ticket.is_request_of(contact)


def test_requesters_see_their_requests_and_others_are_asked_about(cast: Cast) -> None:
    ticket = cast.ticket()
    assert agrees(cast.cleo, ticket)
    assert not agrees(cast.dev, ticket)
    assert not agrees(cast.eve, ticket)


def test_a_request_without_a_message_to_clients_is_not_seen(cast: Cast) -> None:
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(last_line="")
    ticket.refresh_from_db()
    assert not agrees(cast.cleo, ticket)


def test_who_was_shut_out_sees_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.cleo.user.is_active = False
    cast.cleo.user.save()
    assert not agrees(cast.cleo, ticket)
