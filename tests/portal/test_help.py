import pytest
from django.test import Client as Browser

from deskhand.clients.actions.portal_words import announce
from deskhand.clients.models import Contact
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

WORDS = "We move house on Friday: expect a slow afternoon."


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def test_shows_tips_promise_hours_and_how_to_reach_the_desk(browser: Browser) -> None:
    page = browser.get("/help").content.decode()
    for words in (
        "Asking how far it is",
        "We answer within two working days.",
        "Sent now, a first answer comes by",
        "Monday to Friday",
        "Ben Baker",
        "mailto:ben@desk.example",
    ):
        assert words in page


def test_shows_an_announcement_until_it_is_dismissed_and_another_one_again(cast: Cast, browser: Browser) -> None:
    shown = announce(text=WORDS, act=act_by(cast.ada.user))
    assert WORDS in browser.get("/").content.decode()
    answer = browser.post("/announcement/dismissal", {"version": shown.version, "back": "/help?x=1"})
    assert answer["Location"] == "/help?x=1"
    assert WORDS not in browser.get("/").content.decode()
    assert WORDS in signed_in(cast.dev.user).get("/").content.decode()
    announce(text="We moved.", act=act_by(cast.ada.user))
    assert "We moved." in browser.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_dismissing_leads_nowhere_else(browser: Browser, back: str) -> None:
    answer = browser.post("/announcement/dismissal", {"version": "x" * 500, "back": back})
    assert answer["Location"] == "/"


def test_looking_dismisses_nothing(cast: Cast, browser: Browser) -> None:
    announce(text=WORDS, act=act_by(cast.ada.user))
    browser.get("/announcement/dismissal")
    assert Contact.objects.get(pk=cast.cleo.pk).dismissed_announcement == ""
