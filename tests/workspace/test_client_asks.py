"""What a client asked for stands beside the ticket: a call back, an update; and who may see maintenance figures."""

from deskhand.clients.models import Contact
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.chasing import ask_for_update
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

PHONE = "0161 496 0123"


def test_shows_the_number_to_call_back_to_those_who_may_know_it(cast: Cast) -> None:
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(call_back_phone=PHONE)
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    address = f"/workspace/tickets/{ticket.number}"
    assert PHONE in signed_in(cast.ben.user).get(address).content.decode()
    assert PHONE not in signed_in(cast.kit.user).get(address).content.decode()


def test_shows_that_the_client_asked_for_an_update(cast: Cast) -> None:
    ticket, browser = cast.ticket(), signed_in(cast.ben.user)
    address = f"/workspace/tickets/{ticket.number}"
    assert "Asked for an update" not in browser.get(address).content.decode()
    ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act_by(cast.cleo.user))
    assert "Asked for an update" in browser.get(address).content.decode()


def test_lets_staff_say_who_sees_the_maintenance_figures(cast: Cast) -> None:
    browser, address = signed_in(cast.ada.user), f"/workspace/contacts/{cast.cleo.pk}"
    assert "Sees the maintenance figures" in browser.get(address).content.decode()
    browser.post(address, {"name": "Cleo", "email": "cleo@acme.example", "sees_whole_client": "on"})
    assert not Contact.objects.get(pk=cast.cleo.pk).sees_maintenance
    browser.post(address, {"name": "Cleo", "email": "cleo@acme.example", "sees_maintenance": "on"})
    assert Contact.objects.get(pk=cast.cleo.pk).sees_maintenance
