"""What helps to open a good ticket: similar open ones, and business critical only where it is confirmed."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from deskhand.clients.actions.own_details import set_phone
from deskhand.clients.models import Contact
from deskhand.sla.models import Alert
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Category, Priority, Ticket
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

FORM = {
    "subject": "Nobody can pay",
    "category": "business-critical",
    "text": "The checkout is down.",
    "document": "",
    "confirmed": "on",
    "call_back_phone": "020 7946 0999",
    "idempotency_key": "c" * 32,
}


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


@pytest.fixture(autouse=True)
def critical(db: None) -> Category:
    category = Category.objects.get(is_business_critical=True)
    FORM["category"] = category.slug
    return category


def offered(browser: Browser, subject: str) -> str:
    return browser.get("/tickets/similar", {"subject": subject}).content.decode()


def test_shows_what_business_critical_means(cast: Cast, browser: Browser, critical: Category) -> None:
    set_phone(contact=cast.cleo, phone="0161 496 0000", act=act_by(cast.cleo.user))
    page = browser.get("/tickets/new").content.decode()
    assert critical.explanation in page
    assert "Not everything can be urgent." in page
    assert 'value="0161 496 0000"' in page


def test_opens_a_business_critical_ticket_and_alerts_at_once(browser: Browser) -> None:
    browser.post("/tickets/new", FORM)
    ticket = Ticket.objects.get()
    assert ticket.call_back_phone == "020 7946 0999"
    assert ticket.priority == Priority.URGENT
    assert Alert.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"confirmed": ""}, "Confirm that this is so, or choose another kind of ticket above."),
        ({"call_back_phone": ""}, "Enter the number at which we can call you now."),
        ({"call_back_phone": "12"}, "Enter the number at which we can call you now."),
        ({"call_back_phone": "ask Dev"}, "Use digits, spaces and + ( ) - only."),
        ({"call_back_phone": "1" * 41}, "Shorten the number to 40 characters."),
    ],
)
def test_asks_to_confirm_and_for_a_number_and_loses_nothing(
    browser: Browser, change: dict[str, str], words: str
) -> None:
    answer = browser.post("/tickets/new", FORM | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "The checkout is down." in page
    assert not Ticket.objects.exists()


def test_keeps_no_number_for_other_tickets_whatever_stands_in_the_hidden_field(browser: Browser) -> None:
    browser.post("/tickets/new", FORM | {"category": "bug", "confirmed": "", "call_back_phone": "later, please"})
    assert Ticket.objects.get().call_back_phone == ""


def test_refuses_a_deadline_that_is_over(browser: Browser) -> None:
    answer = browser.post("/tickets/new", FORM | {"needed_by_on": "2020-01-01"})
    assert "That day is over." in answer.content.decode()


@pytest.mark.parametrize(
    "subject", ["Gift card balance", "gift CARDS", "The gift card does not work", "giftcards: gift part"]
)
def test_offers_open_tickets_about_the_same(cast: Cast, browser: Browser, subject: str) -> None:
    ticket = cast.ticket("Gift cards: allow part payment")
    cast.ticket("The map is upside down")
    page = offered(browser, subject)
    assert f"/tickets/{ticket.number}#reply-form" in page
    assert "Is it one of these?" in page
    assert "map" not in page


@pytest.mark.parametrize(
    "subject", ["", "the", "!!", "'; --", "\x00\x00\x00\x00", "x" * 5000, "Newsletter sign-up", "why does it not work"]
)
def test_offers_nothing_where_nothing_is_about_the_same(cast: Cast, browser: Browser, subject: str) -> None:
    cast.ticket("Gift cards: allow part payment")
    answer = browser.get("/tickets/similar", {"subject": subject})
    assert answer.status_code == 200
    assert answer.content.strip() == b""


def test_offers_colleagues_tickets_only_to_those_who_see_them(cast: Cast, browser: Browser) -> None:
    cast.opened_by(cast.dev, subject="Gift cards are lost")
    assert "Gift cards" in offered(browser, "gift cards")
    Contact.objects.filter(pk=cast.cleo.pk).update(sees_whole_client=False)
    assert "Gift" not in offered(browser, "gift cards")
    assert "Gift" not in offered(signed_in(cast.eve.user), "gift cards")


def test_offers_neither_closed_tickets_nor_those_of_the_team(cast: Cast, browser: Browser) -> None:
    close_ticket(ticket_id=cast.ticket("Gift cards closed").pk, act=act_by(cast.ben.user))
    for_the_team = cast.ticket("Gift cards of the team")
    Ticket.objects.filter(pk=for_the_team.pk).update(last_line="")
    assert "Gift" not in offered(browser, "gift cards")


def test_looks_for_similar_tickets_in_one_query_beside_those_of_signing_in(cast: Cast, browser: Browser) -> None:
    cast.ticket("Gift cards: allow part payment")
    with CaptureQueriesContext(connection) as nothing:
        offered(browser, "")
    with CaptureQueriesContext(connection) as asked:
        offered(browser, "gift card balance of the shop in the north of town today")
    assert len(asked) == len(nothing) + 1
