"""Every page and all that opens on it: no violation in axe-core, nothing wider than the window, a silent console.

The pages come from the access table, which knows every route, so a new one is looked at without being listed here. Each
is loaded once and then shown light and dark, at desk and phone width.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, Browsers
from tests.browser.scenes import Scenes
from tests.browser.visiting import visit
from tests.web.access_rows import ROWS

pytestmark = pytest.mark.browser

READERS = {"portal": "cleo@acme.example", "workspace": "ada@desk.example", "web": ""}
CONTACT, AGENT = READERS["portal"], READERS["workspace"]
# What the access table asks for and is not there: no logo was uploaded, and the link is forged.
MISSING = {"web:logo": 404, "web:sign_in_link": 410}
LOOKS = [(theme, size) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]
LOOKS_OF_A_PART = [("light", DESKTOP), ("dark", PHONE)]
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("main, aside, .nav, [popover], dialog")]
    .filter((box) => box.checkVisibility() && box.clientWidth && box.scrollWidth > box.clientWidth + 1)
    .map((box) => {
        const right = (element) => element.getBoundingClientRect().right;
        const [widest] = [...box.querySelectorAll("*")].sort((one, other) => right(other) - right(one));
        return `${box.localName} ${box.scrollWidth} > ${box.clientWidth} by ${widest.outerHTML.slice(0, 120)}`;
    })"""

# Pages of one wide pane scroll as a whole on a phone; panes beside each other never do.
SCROLLS_AS_A_WHOLE = """() => {
    const beyond = document.documentElement.scrollHeight - innerHeight;
    const isOnePane = document.querySelector(".shell-wide") && innerWidth < 768;
    return document.querySelector(".shell") && !isOnePane && beyond > 1 ? [`the page scrolls by ${beyond} px`] : [];
}"""


@pytest.fixture(scope="module")
def addresses(scenes: Scenes) -> dict[str, str]:
    """Return the address of every route that answers a GET, by name, with arguments that make it real."""
    return scenes.addresses()


@pytest.fixture(scope="module")
def pages(browsers: Browsers) -> dict[str, Page]:
    """Return one open page for each kind of reader; signed out is ""."""
    return {reader: browsers.new_page(signed_in_as=reader) for reader in READERS.values()}


def wrong_in(page: Page, *, open_part: str = "") -> list[str]:
    """Return what is wrong with the page, or with an open part of it, in any look."""
    found: list[str] = []
    for theme, size in LOOKS_OF_A_PART if open_part else LOOKS:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        wrong = [*violations(page, within=open_part), *page.evaluate(TOO_WIDE), *page.evaluate(SCROLLS_AS_A_WHOLE)]
        found += [f"{theme}, {size[0]} px: {words}" for words in wrong]
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return found


def test_news_are_no_wider_than_a_phone(browsers: Browsers, scenes: Scenes) -> None:
    page = browsers.new_page(signed_in_as="ben@desk.example", size=PHONE)
    scenes.assign_to_ben(scenes.ticket("Given to Ben"))
    visit(page, "/workspace/notifications")
    expect(page.get_by_role("button", name="Mark as read: Given to Ben")).to_be_visible()
    assert wrong_in(page) == []


def test_the_ticket_of_a_file_can_be_hit(pages: dict[str, Page], addresses: dict[str, str]) -> None:
    page = pages[CONTACT]
    visit(page, addresses["portal:all_files"])
    ticket = page.locator(".file-ticket").first
    box = ticket.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    assert wrong_in(page) == []


@pytest.mark.parametrize("route", [row.name for row in ROWS if row.method == "GET"])
def test_a_page_is_accessible(
    browsers: Browsers, pages: dict[str, Page], addresses: dict[str, str], route: str
) -> None:
    page, path = pages[READERS[route.split(":", maxsplit=1)[0]]], addresses[route]
    answer = page.request.get(path, max_redirects=0)
    assert answer.status < 400 or answer.status == MISSING.get(route), answer.status
    is_page = answer.status == 200 and "<html" in answer.text()[:200]
    # What stands in a sandboxed frame was written by someone else, and runs no script, axe neither.
    if not is_page or "sandbox" in answer.headers["content-security-policy"]:
        return
    browsers.noise.clear()
    visit(page, path)
    assert [*wrong_in(page), *browsers.noise] == []


OPEN = """(id) => { document.getElementById(id).showPopover(); }"""
CLOSE = """(id) => { document.getElementById(id).hidePopover(); }"""
POPOVERS = """() => [...document.querySelectorAll("[popover]")].map((element) => element.id)"""


@pytest.mark.parametrize("route", ["workspace:ticket", "portal:ticket"])
def test_every_menu_is_accessible(
    browsers: Browsers, pages: dict[str, Page], addresses: dict[str, str], route: str
) -> None:
    page = pages[READERS[route.split(":", maxsplit=1)[0]]]
    browsers.noise.clear()
    visit(page, addresses[route])
    menus = page.evaluate(POPOVERS)
    assert len(menus) >= 1
    found = {}
    for menu in menus:
        page.evaluate(OPEN, menu)
        found[menu] = wrong_in(page, open_part=f"#{menu}")
        if menu == menus[0]:
            found["the page behind"] = violations(page)
        page.evaluate(CLOSE, menu)
    assert {menu: wrong for menu, wrong in found.items() if wrong} == {}
    assert browsers.noise == []


def test_every_dialog_of_the_workspace_is_accessible(
    browsers: Browsers, pages: dict[str, Page], addresses: dict[str, str]
) -> None:
    page = pages[AGENT]
    browsers.noise.clear()
    visit(page, addresses["workspace:ticket"])
    openings: dict[str, Callable[[], object]] = {
        "Command palette": lambda: page.keyboard.press("Control+k"),
        "Keyboard shortcuts": lambda: page.keyboard.press("?"),
        "History": page.get_by_role("link", name="History").first.click,
        "Picture": page.get_by_role("link", name="screen.png").first.click,
    }
    for name, open_it in openings.items():
        open_it()
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        assert wrong_in(page, open_part="dialog:modal") == [], name
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    assert browsers.noise == []


def test_the_editor_is_accessible(browsers: Browsers, pages: dict[str, Page], addresses: dict[str, str]) -> None:
    page = pages[AGENT]
    browsers.noise.clear()
    visit(page, addresses["workspace:ticket"])
    page.keyboard.press("n")
    expect(page.locator("#composer-team .ProseMirror")).to_be_focused()
    page.keyboard.type("@Be")
    expect(page.get_by_role("option", name="Ben Baker")).to_be_visible()
    assert wrong_in(page, open_part="#composer") == []
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Link").last.click()
    expect(page.get_by_role("dialog", name="Link")).to_be_visible()
    assert wrong_in(page, open_part="dialog:modal") == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    assert browsers.noise == []


def test_refusals_are_accessible(browsers: Browsers, pages: dict[str, Page]) -> None:
    for reader, path, status in (
        ("", "/sign-in/link/forged", 410),
        (CONTACT, "/tickets/999999", 404),
        (AGENT, "/workspace/tickets/999999", 404),
    ):
        answer = pages[reader].goto(path)
        assert answer is not None
        assert answer.status == status
        assert wrong_in(pages[reader]) == [], path


def test_a_form_that_comes_back_is_accessible(pages: dict[str, Page]) -> None:
    page = pages[CONTACT]
    page.goto("/tickets/new")
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert wrong_in(page) == []
