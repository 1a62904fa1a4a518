"""Every page of the portal, for whoever may see it and whoever may not."""

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from tests.web.visitors import signed_in

PAGES = ["/", "/tickets", "/tickets/search", "/tickets/closed", "/tickets/new", "/details"]
OF_A_TICKET = ["/tickets/{}", "/tickets/{}/opened"]
VERBS = ["messages", "closing", "reopening", "follow-ups", "files", "participants"]


@pytest.mark.parametrize("path", PAGES)
def test_shows_every_page_to_contacts(cast: Cast, path: str) -> None:
    cast.staff_reply(cast.ticket())
    for contact in (cast.cleo, cast.dev, cast.eve):
        assert signed_in(contact.user).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_sends_agents_to_the_workspace(cast: Cast, path: str) -> None:
    answer = signed_in(cast.ben.user).get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/workspace/inbox")


@pytest.mark.parametrize("path", PAGES)
def test_sends_strangers_to_sign_in_and_back(db: None, path: str) -> None:
    answer = Browser().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", OF_A_TICKET)
def test_shows_a_ticket_to_its_client_alone(cast: Cast, path: str) -> None:
    address = path.format(cast.ticket().number)
    assert signed_in(cast.cleo.user).get(address).status_code == 200
    assert signed_in(cast.dev.user).get(address).status_code == 200
    assert signed_in(cast.eve.user).get(address).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_lets_no_other_client_do_anything_to_a_ticket(cast: Cast, verb: str) -> None:
    ticket = cast.ticket()
    before = ticket.entry_count
    answer = signed_in(cast.eve.user).post(f"/tickets/{ticket.number}/{verb}", {"text": "I am Eve."})
    ticket.refresh_from_db()
    assert answer.status_code == 404
    assert (ticket.entry_count, ticket.is_closed) == (before, False)


@pytest.mark.parametrize("verb", VERBS)
def test_sends_a_reload_of_a_sent_form_to_the_ticket(cast: Cast, verb: str) -> None:
    ticket = cast.ticket()
    answer = signed_in(cast.cleo.user).get(f"/tickets/{ticket.number}/{verb}")
    assert answer["Location"] == f"/tickets/{ticket.number}"


def test_hides_a_colleagues_tickets_from_someone_who_sees_only_their_own(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.dev.sees_whole_client = False
    cast.dev.save()
    browser = signed_in(cast.dev.user)
    assert browser.get(f"/tickets/{ticket.number}").status_code == 404
    assert ticket.subject not in browser.get("/").content.decode()
    assert ticket.subject not in browser.get("/tickets/search?q=checkout").content.decode()


def test_answers_a_number_nobody_can_have_with_404(cast: Cast) -> None:
    assert signed_in(cast.cleo.user).get(f"/tickets/{'9' * 30}").status_code == 404
