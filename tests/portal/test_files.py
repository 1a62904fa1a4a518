import html
import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from deskhand.clients.models import Contact
from deskhand.files.models import File, ScanState
from deskhand.tickets.actions.attaching import attach_files
from deskhand.tickets.actions.conversation import NewMessage, hold_message
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Attachment, Ticket
from tests.cast import NOON, Cast, act_by
from tests.web.visitors import signed_in
from tests.workspace.counting import queries_of

FILES = "/files"
PDF = b"%PDF-1.7 rest"


def attached(cast: Cast, ticket: Ticket, name: str, content: bytes = b"\x89PNG\r\n\x1a\nrest") -> File:
    """Attach a file to the ticket as Ben."""
    file = cast.upload(cast.ben.user, name=name, content=content)
    attach_files(ticket_id=ticket.pk, files=[file], act=act_by(cast.ben.user, at=NOON + timedelta(hours=1)))
    return file


def shown(browser: Browser, **asked: str) -> list[str]:
    """Return the names of the files on the page, from the top."""
    answer = browser.get(FILES, asked)
    assert answer.status_code == 200
    return [html.unescape(name) for name in re.findall(r'data-name="([^"]+)"', answer.content.decode())]


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def test_shows_the_files_of_messages_and_those_attached_later_newest_first(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, files=[cast.upload(cast.ben.user, name="first.png")])
    attached(cast, ticket, "second.pdf", PDF)
    page = browser.get(FILES).content.decode()
    assert shown(browser) == ["second.pdf", "first.png"]
    assert f'href="/tickets/{ticket.number}"' in page
    assert "Ben Baker" in page


def test_shows_a_colleagues_files_only_to_who_sees_the_whole_client(cast: Cast, browser: Browser) -> None:
    attached(cast, cast.opened_by(cast.dev), "of-dev.png")
    assert shown(browser) == ["of-dev.png"]
    Contact.objects.filter(pk=cast.cleo.pk).update(sees_whole_client=False)
    assert shown(browser) == []


def test_shows_nothing_of_another_client(cast: Cast, browser: Browser) -> None:
    attached(cast, cast.opened_by(cast.eve), "of-eve.png")
    assert shown(browser) == []


def test_shows_nothing_of_the_teams(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    new = NewMessage(from_text("Look."), files=[cast.upload(cast.ben.user, name="secret.png")])
    post_team_message(ticket_id=ticket.pk, agent=cast.ben, new=new, act=act_by(cast.ben.user))
    assert shown(browser) == []


def test_shows_nothing_that_is_held(cast: Cast, browser: Browser) -> None:
    new = NewMessage(from_text("Hi."), files=[cast.upload(cast.eve.user, name="held.png")])
    hold_message(ticket_id=cast.ticket().pk, author=cast.eve.user, new=new, act=act_by(cast.eve.user))
    assert shown(browser) == []


@pytest.mark.parametrize("change", [{"scan_state": ScanState.INFECTED}, {"claimed_at": None}])
def test_shows_nothing_infected_or_unclaimed(cast: Cast, browser: Browser, change: dict[str, str]) -> None:
    file = attached(cast, cast.ticket(), "bad.png")
    File.objects.filter(pk=file.pk).update(**change)
    assert shown(browser) == []


def test_leaves_out_the_small_pictures_of_mail_signatures(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    logo, screenshot = attached(cast, ticket, "logo.png"), attached(cast, ticket, "pasted.png")
    Attachment.objects.update(is_inline=True, content_id="one@mail")
    File.objects.filter(pk=logo.pk).update(size_bytes=3_000)
    File.objects.filter(pk=screenshot.pk).update(size_bytes=30_000)
    assert shown(browser) == ["pasted.png"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("brief", ["Autumn brief.pdf"]),
        ("utumn", ["Autumn brief.pdf"]),
        ("checkout", ["Autumn brief.pdf", "screen.png"]),
        ("checkout screen", ["screen.png"]),
        ("voucher", []),
        ("%", []),
        ("_", []),
        ("\x00screen", ["screen.png"]),
        ("' | screen", ["screen.png"]),
        ("screen:*", []),
        ("9" * 40, []),
    ],
)
def test_finds_by_parts_of_names_and_the_tickets_words(
    cast: Cast, browser: Browser, words: str, found: list[str]
) -> None:
    ticket = cast.ticket("The checkout stalls")
    attached(cast, ticket, "screen.png")
    attached(cast, ticket, "Autumn brief.pdf", PDF)
    assert shown(browser, q=words) == found


def test_finds_all_files_of_a_ticket_by_its_number(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    attached(cast, ticket, "screen.png")
    attached(cast, cast.ticket("Another"), "other.png")
    assert shown(browser, q=f"#{ticket.number}") == ["screen.png"]


@pytest.mark.parametrize(
    ("kind", "found"), [("pictures", ["a.png"]), ("documents", ["c.csv", "b.pdf"]), ("other", ["d.zip"])]
)
def test_tells_pictures_documents_and_the_rest_apart(cast: Cast, browser: Browser, kind: str, found: list[str]) -> None:
    ticket = cast.ticket()
    for name in ("a.png", "b.pdf", "c.csv", "d.zip"):
        attached(cast, ticket, name, b"\x89PNG\r\n\x1a\n" if name == "a.png" else b"rest")
    assert shown(browser, kind=kind) == found


@pytest.mark.parametrize("asked", [{"kind": "films"}, {"after": "x"}, {"after": "-1"}, {"after": "9" * 19}])
def test_refuses_what_no_list_of_ours_asks_for(browser: Browser, asked: dict[str, str]) -> None:
    assert browser.get(FILES, asked).status_code == 400


def test_goes_on_page_by_page_with_as_many_queries_for_many_files_as_for_one(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    attached(cast, ticket, "0.png")
    few = queries_of(browser, FILES)
    for number in range(1, 60):
        attached(cast, ticket, f"{number}.png")
    assert queries_of(browser, FILES) == few
    first = browser.get(FILES, {"kind": "pictures"}).content.decode()
    older = re.search(r'href="([^"]+)"[^>]*>Older files', first)
    assert older is not None
    second = browser.get(html.unescape(older[1])).content.decode()
    assert first.count("data-name=") == 50
    assert re.findall(r'data-name="([^"]+)"', second) == [f"{number}.png" for number in range(9, -1, -1)]
    assert "Older files" not in second


def test_says_when_there_is_nothing(cast: Cast, browser: Browser) -> None:
    assert "No files yet." in browser.get(FILES).content.decode()
    page = browser.get(FILES, {"q": "<b>gift"}).content.decode()
    assert "Nothing matches" in page
    assert "&lt;b&gt;gift" in page
    assert "<b>gift" not in page
    assert "Clear the search" in page
    assert "Nothing of this kind." in browser.get(FILES, {"kind": "other"}).content.decode()
