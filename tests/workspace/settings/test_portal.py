"""Settings, Portal."""

import json
import re

import pytest
from django.test import Client as Browser

from deskhand.clients.models import HelpSection
from tests.cast import Cast
from tests.web.visitors import signed_in

PORTAL = "/workspace/settings/portal"
BOLD = json.dumps(
    {
        "type": "doc",
        "content": [
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": "Press ", "marks": []},
                    {"type": "text", "text": "F5", "marks": [{"type": "bold"}]},
                    {"type": "image", "attrs": {"src": "/files/abcdefghijklmnopqrstuv", "alt": "x"}},
                ],
            }
        ],
    }
)


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.ada.user)


def titles() -> list[str]:
    return list(HelpSection.objects.order_by("position").values_list("title", flat=True))


def test_announces_and_stops_announcing(cast: Cast, browser: Browser) -> None:
    client = signed_in(cast.cleo.user)
    browser.post(PORTAL, {"text": "Closed on Friday."})
    assert "Closed on Friday." in client.get("/").content.decode()
    browser.post(PORTAL, {"text": ""})
    assert "Closed on Friday." not in client.get("/").content.decode()
    answer = browser.post(PORTAL, {"text": "x" * 301})
    assert answer.status_code == 422
    assert "300 fit" in answer.content.decode()


def test_adds_a_section_with_formatting_and_without_pictures(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PORTAL}/help", {"title": "Reloading", "text": "ignored", "document": BOLD})
    assert titles()[-1] == "Reloading"
    page = signed_in(cast.cleo.user).get("/help").content.decode()
    assert "<p>Press <strong>F5</strong></p>" in page
    assert "abcdefghijklmnopqrstuv" not in page


def test_shows_a_preview_and_keeps_nothing(browser: Browser) -> None:
    before = titles()
    given = {"title": "Reloading", "text": "Press <b>F5</b>", "preview": "yes"}
    page = browser.post(f"{PORTAL}/help", given).content.decode()
    assert "As clients would see it" in page
    assert "<p>Press &lt;b&gt;F5&lt;/b&gt;</p>" in page
    assert titles() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "Give the section a title."),
        ({"title": "x" * 121}, "120 fit"),
        ({"text": "\n "}, "Write what this section says."),
        ({"document": "{"}, "could not be read"),
        ({"text": "x" * 100_001}, "100,000 fit"),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(browser: Browser, change: dict[str, str], words: str) -> None:
    before = titles()
    for path in (f"{PORTAL}/help", f"{PORTAL}/help/chasing"):
        answer = browser.post(path, {"title": "T", "text": "Words."} | change)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert titles() == before


def test_changes_moves_removes_and_goes_back_to_what_was_shipped(browser: Browser) -> None:
    shipped = titles()
    browser.post(f"{PORTAL}/help/chasing", {"title": "Chasing", "text": "Press the button."})
    browser.post(f"{PORTAL}/help/chasing/place", {"direction": "up"})
    assert titles()[1] == "Chasing"
    browser.post(f"{PORTAL}/help/using-the-portal/place", {"direction": "up"})
    browser.post(f"{PORTAL}/help/using-the-portal/removal")
    assert (len(titles()), titles()[0]) == (len(shipped) - 1, "Chasing")
    browser.get(f"{PORTAL}/help/reset")
    assert titles()[0] == "Chasing"
    browser.post(f"{PORTAL}/help/reset")
    assert titles() == shipped


def test_knows_no_other_section_and_no_other_direction(browser: Browser) -> None:
    for path in ("help/nothing", "help/nothing/place", "help/nothing/removal"):
        assert browser.post(f"{PORTAL}/{path}", {"direction": "up"}).status_code == 404
    assert browser.post(f"{PORTAL}/help/chasing/place", {"direction": "left"}).status_code == 400


def test_the_editor_begins_with_what_stands_there(browser: Browser) -> None:
    page = browser.get(f"{PORTAL}/help/chasing").content.decode()
    assert re.search(r'name="document" value="[^"]*Ask for an update', page)
    assert "Business critical" in browser.get(PORTAL).content.decode()
