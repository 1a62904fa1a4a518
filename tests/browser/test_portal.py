"""The portal as a client uses it: it fits a small phone, takes files, and never loses what is typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import PHONE, NewPage
from tests.browser.visiting import editor_of

pytestmark = pytest.mark.browser

DROP = """() => {
    const files = new DataTransfer();
    files.items.add(new File(["one,two"], "dropped.csv", {type: "text/csv"}));
    for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


def open_ticket(page: Page, subject: str) -> str:
    """Open a ticket and return its address."""
    page.goto("/tickets/new")
    page.get_by_label("Subject").fill(subject)
    page.get_by_role("textbox", name="Describe it").fill("It is upside down.")
    page.get_by_role("button", name="Open ticket").click()
    page.get_by_role("link", name="See the ticket").click()
    expect(page.get_by_role("heading", level=1, name=subject)).to_be_visible()
    return page.url


def test_no_page_scrolls_sideways_on_the_narrowest_phone(new_page: NewPage) -> None:
    page = new_page(signed_in_as="cleo@acme.example")
    address = open_ticket(page, "The map")
    pages = ["/", "/tickets/closed", "/tickets/search?q=nothing-like-it", "/tickets/new", "/details", address]
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (*pages, f"{address}/opened"):
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} is wider than the window"


def test_the_account_menu_and_the_pages_before_signing_in_are_accessible(new_page: NewPage) -> None:
    page = new_page(signed_in_as="cleo@acme.example")
    page.get_by_role("button", name="Your account").click()
    expect(page.get_by_role("link", name="My details")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Sign out").click()
    for path in ("/sign-in", "/sign-in/password"):
        page.goto(path)
        assert violations(page) == []


def test_an_unfinished_ticket_waits_with_its_files(new_page: NewPage) -> None:
    page = new_page(signed_in_as="dev@acme.example")
    page.goto("/tickets/new")
    page.get_by_label("Subject").fill("Half a thought")
    editor = page.get_by_role("textbox", name="Describe it")
    editor.click()
    expect(page.locator(".ProseMirror")).to_be_visible()
    page.keyboard.type("Begun in the editor.")
    page.evaluate(DROP)
    expect(page.get_by_role("button", name="Remove dropped.csv")).to_be_visible()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.goto("/")
    page.goto("/tickets/new")
    expect(page.get_by_label("Subject")).to_have_value("Half a thought")
    expect(page.get_by_role("textbox", name="Describe it")).to_have_value("Begun in the editor.")
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="See the ticket").click()
    expect(page.get_by_role("link", name="dropped.csv")).to_be_visible()
    page.goto("/tickets/new")
    expect(page.get_by_label("Subject")).to_have_value("")


def test_a_new_message_comes_in_while_another_is_being_written(new_page: NewPage) -> None:
    cleo, dev = new_page(signed_in_as="cleo@acme.example"), new_page(signed_in_as="dev@acme.example", size=PHONE)
    address = open_ticket(cleo, "Both at once")
    editor_of(cleo, "Your reply")
    cleo.keyboard.type("I am still writing")
    dev.goto(address)
    editor_of(dev, "Your reply").fill("I was faster.")
    dev.get_by_role("button", name="Send").click()
    expect(cleo.get_by_role("list", name="Messages").get_by_text("I was faster.")).to_be_visible()
    expect(cleo.locator(".ProseMirror")).to_be_focused()
    cleo.keyboard.type(", you see.")
    cleo.keyboard.press("Control+Enter")
    messages = cleo.get_by_role("list", name="Messages")
    expect(messages.get_by_text("I am still writing, you see.")).to_be_visible()
    cleo.get_by_role("button", name="Close ticket").click()
    expect(cleo.get_by_text("You closed this")).to_be_visible()
    expect(dev.get_by_text("This ticket is closed. Write below to open it again.")).to_be_visible()
