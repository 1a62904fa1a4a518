"""The workspace by key alone, and where the focus goes."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.scenes import Scenes
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

BEN, ADA, KIT = "ben@desk.example", "ada@desk.example", "kit@desk.example"


def inbox(page: Page, words: str) -> Locator:
    """Open the inbox with the tickets that have these words in them, and return its rows."""
    visit(page, f"/workspace/inbox?q={words}")
    return page.get_by_role("region", name="Ticket list").get_by_role("listitem")


def current(rows: Locator) -> Locator:
    """Return the row that is marked as the open one."""
    return rows.and_(rows.page.locator("[aria-current=true]"))


def conversation(page: Page) -> Locator:
    """Return the heading of the open ticket."""
    return page.get_by_role("region", name="Conversation").get_by_role("heading", level=1)


def test_j_and_k_go_through_the_list_and_enter_goes_in(new_page: NewPage, scenes: Scenes) -> None:
    for name in ("first", "second", "third"):
        scenes.ticket(f"Walking {name}")
    page = new_page(signed_in_as=BEN)
    rows = inbox(page, "walking")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    expect(current(rows)).to_have_text(rows.nth(0).inner_text(), use_inner_text=True)
    subject = rows.nth(0).get_by_role("link").inner_text()
    expect(conversation(page)).to_have_text(subject)
    expect(page.locator("#announcer")).to_have_text(f"Opened: {subject}")
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    last = rows.nth(2).get_by_role("link").inner_text()
    expect(conversation(page)).to_have_text(last)
    page.keyboard.press("j")
    page.keyboard.press("k")
    subject = rows.nth(1).get_by_role("link").inner_text()
    expect(conversation(page)).to_have_text(subject)
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("Enter")
    expect(conversation(page)).to_be_focused()
    page.keyboard.press("u")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(conversation(page)).to_be_focused()


@pytest.mark.parametrize(("key", "name"), [("Control+k", "Command palette"), ("?", "Keyboard shortcuts")])
def test_a_key_pressed_before_its_dialog_has_loaded_is_kept(new_page: NewPage, key: str, name: str) -> None:
    page = new_page(signed_in_as=BEN)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/commanding-[^/]+\.js$"), hold)
    page.goto("/workspace/inbox")
    expect(page.locator("html")).to_have_attribute("data-platform", re.compile(".+"))
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_role("dialog", name=name)).to_be_visible()


def test_who_goes_on_elsewhere_before_a_ticket_has_come_is_left_there(new_page: NewPage, scenes: Scenes) -> None:
    ticket = scenes.ticket("Coming late")
    page = new_page(signed_in_as=BEN)
    rows = inbox(page, "late")
    held: list[Route] = []
    released: list[Route] = []

    def hold(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(rf"/tickets/{ticket}\b"), hold)
    rows.get_by_role("link").click()
    search = page.locator("button[data-palette-open]").first
    search.focus()
    released += held  # hovering and clicking may each ask, and either answer be the one that is waited for
    for route in released:
        route.continue_()
    expect(conversation(page)).to_be_visible()
    expect(search).to_be_focused()


def test_a_click_moves_the_focus_to_what_it_opened(new_page: NewPage, scenes: Scenes) -> None:
    scenes.ticket("Clicking")
    page = new_page(signed_in_as=BEN)
    inbox(page, "clicking").get_by_role("link").click()
    expect(conversation(page)).to_be_focused()
    page.go_back()
    expect(page.get_by_text("No ticket chosen")).to_be_visible()


def test_e_closes_goes_on_and_z_takes_it_back(new_page: NewPage, scenes: Scenes) -> None:
    for name in ("one", "two"):
        scenes.ticket(f"Sweeping {name}")
    page = new_page(signed_in_as=BEN)
    rows = inbox(page, "sweeping")
    page.keyboard.press("j")
    closed, following = (rows.nth(index).get_by_role("link").inner_text() for index in (0, 1))
    expect(conversation(page)).to_have_text(closed)
    page.keyboard.press("e")
    expect(conversation(page)).to_have_text(following)
    expect(page.get_by_role("status").filter(has_text="is closed")).to_be_visible()
    expect(current(rows)).to_contain_text(following)
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="is open again")).to_be_visible()


def test_i_assigns_and_the_menus_open_by_their_keys(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Taking it")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    details = page.get_by_role("complementary", name="Ticket details")
    page.keyboard.press("i")
    expect(details.get_by_role("button", name=re.compile("Ben Baker.*change assignee"))).to_be_visible()
    page.keyboard.press("p")
    menu = page.get_by_role("dialog", name="Priority")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("button", name="Normal")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("button", name="High")).to_be_focused()
    page.keyboard.press("Enter")
    expect(details.get_by_role("button", name=re.compile("High.*change priority"))).to_be_visible()
    expect(menu).to_be_hidden()
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Status")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Status")).to_be_hidden()


def test_escape_closes_a_menu_that_has_not_the_focus_yet(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Too quick for the menu")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    menu = page.get_by_role("dialog", name="Status")
    page.keyboard.press("s")
    expect(menu.get_by_role("button").first).to_be_visible()
    page.get_by_role("region", name="Conversation").get_by_role("heading", level=1).focus()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_r_and_n_write_and_letters_in_a_text_are_letters(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Typing")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    page.keyboard.press("r")
    reply = page.locator("#composer-reply .ProseMirror")
    expect(reply).to_be_focused()
    page.keyboard.type("jekyll ni?/")
    expect(reply).to_have_text("jekyll ni?/")
    expect(conversation(page)).to_have_text("Typing")
    conversation(page).focus()
    page.keyboard.press("n")
    expect(page.locator("#composer-team .ProseMirror")).to_be_focused()
    page.keyboard.type("r")
    expect(page.locator("#composer-team .ProseMirror")).to_have_text("r")


def test_slash_searches_and_g_goes_places(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Travelling")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search tickets")).to_be_focused()
    page.keyboard.type("travelling")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Ticket list").get_by_role("listitem")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=travelling"))
    page.locator("html[data-loaded]").wait_for(state="attached")
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Assigned to me", level=1)).to_be_visible()
    page.locator("html[data-loaded]").wait_for(state="attached")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


def test_the_palette_finds_what_can_be_done_here(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Commanding")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    conversation(page).focus()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Command palette")
    expect(palette.get_by_role("combobox", name="Command")).to_be_focused()
    page.keyboard.press("Escape")
    expect(conversation(page)).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("repl")
    expect(palette.get_by_role("option").first).to_have_text("ReplyR")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-reply .ProseMirror")).to_be_focused()
    page.keyboard.type("From the text, too")
    page.keyboard.press("Control+k")
    page.keyboard.type("nothing is called this")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()


def test_a_question_mark_lists_the_shortcuts(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Asking")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    conversation(page).focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for command in ("Next ticket", "Reply", "Team only", "Close ticket", "Assign to me", "Search"):
        expect(sheet.get_by_text(command, exact=True)).to_be_visible()
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(conversation(page)).to_be_focused()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()


def test_single_keys_can_be_switched_off(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Speaking to the machine")
    page = new_page(signed_in_as=ADA)
    visit(page, "/workspace/profile")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="aved")).to_be_visible()
    try:
        visit(page, f"/workspace/tickets/{number}")
        for key in ("e", "n", "?", "i"):
            page.keyboard.press(key)
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog", name="Command palette")).to_be_visible()
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.get_by_role("tab", name="Reply", exact=True)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("Nobody.*change assignee"))).to_be_visible()
    finally:
        visit(page, "/workspace/profile")
        page.get_by_role("checkbox", name="Keyboard shortcuts").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").filter(has_text="aved")).to_be_visible()


def test_the_skip_link_leads_to_the_content(new_page: NewPage) -> None:
    page = new_page(signed_in_as="cleo@acme.example")
    visit(page, "/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_details_of_a_ticket_keep_the_focus_after_a_change(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Following it")
    page = new_page(signed_in_as=BEN)
    visit(page, f"/workspace/tickets/{number}")
    follow = page.get_by_role("button", name="Follow", exact=True)
    follow.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unfollow", exact=True)).to_be_focused()
