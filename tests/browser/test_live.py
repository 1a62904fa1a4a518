"""Open pages follow what happens elsewhere, without taking away the focus, the caret or a letter; and who may hear."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.running_desk import RunningDesk
from tests.browser.scenes import Scenes
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

BEN, ADA, CLEO = "ben@desk.example", "ada@desk.example", "cleo@acme.example"
LIVE = re.compile(r"/live(\?|$)")
LISTEN = """() => new Promise((opened) => {
    window.heard = [];
    const source = new EventSource("/live");
    source.onmessage = ({data}) => window.heard.push(JSON.parse(data).topic);
    source.onopen = opened;
})"""


def connected(page: Page, path: str) -> None:
    """Open a page and wait until it hears of changes."""
    with page.expect_response(LIVE):
        visit(page, path)


def open_mail(page: Page, desk: RunningDesk, subject: str, html: str, file_name: str = "") -> Locator:
    """Let a mail come in, open its ticket, and return the thread."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Cleo Clarke <cleo@acme.example>", "support@desk.example", subject
    mail.set_content("Long.")
    mail.add_alternative(html, subtype="html")
    if file_name:
        mail.add_attachment(b"1,2", maintype="text", subtype="csv", filename=file_name)
    connected(page, "/workspace/inbox")
    desk.deliver(mail.as_bytes(), sender="cleo@acme.example", recipient="support@desk.example")
    row = page.get_by_role("link", name=subject)
    expect(row).to_be_visible(timeout=30_000)
    visit(page, str(row.get_attribute("href")))
    return page.get_by_role("log", name="Messages")


def open_long_mail(page: Page, desk: RunningDesk, subject: str) -> Locator:
    """Let a long mail with a long quote come in, open its ticket, and return the thread once the mail stands in it."""
    rows = "".join(f"<tr><td>Line {number} of many.</td></tr>" for number in range(150))
    quoted = "<p>Earlier words.</p>" * 60
    quote = f'<div class="gmail_quote">On Monday Ben wrote:<blockquote>{quoted}</blockquote></div>'
    thread = open_mail(page, desk, subject, f"<table>{rows}</table>{quote}")
    page.wait_for_function("() => document.querySelector('.mail-frame').offsetHeight > 3000")
    return thread


AT_REST = """() => new Promise((done) => {
    const thread = document.querySelector('[role="log"]');
    let seen = "", times = 0;
    const look = () => {
        const now = `${thread.scrollTop} of ${thread.scrollHeight}`;
        times = now === seen ? times + 1 : 0;
        seen = now;
        if (times < 20) requestAnimationFrame(look);
        else done();
    };
    look();
})"""
A_SCROLL_BAR = 16
"""Pixels by which a mail's frame may grow or shrink late: it makes room for a bar of its own."""


def at_rest(page: Page) -> None:
    """Wait until what a change of sizes brings about has happened: the thread looks the same twenty frames long."""
    page.evaluate(AT_REST)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_ticket_that_nobody_read_begins_at_its_beginning(
    desk: RunningDesk, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(signed_in_as=BEN, size=size)
    thread = open_long_mail(page, desk, f"Long and unread at {size[0]}")
    at_rest(page)
    assert thread.evaluate("(thread) => thread.scrollTop") == 0


def test_what_one_opens_at_the_end_stays_where_it_was(desk: RunningDesk, new_page: NewPage) -> None:
    page = new_page(signed_in_as=BEN)
    thread = open_long_mail(page, desk, "Long, with a quote")
    thread.evaluate("(thread) => thread.scrollTo(0, thread.scrollHeight)")
    at_rest(page)
    quote = thread.locator("summary", has_text="Quoted text")
    before = quote.bounding_box()
    assert before is not None
    quote.click()
    page.wait_for_function("() => document.querySelector('details .mail-frame').offsetHeight > 1500")
    at_rest(page)
    after = quote.bounding_box()
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=A_SCROLL_BAR)


def test_who_reads_at_the_end_sees_what_is_added(desk: RunningDesk, new_page: NewPage, scenes: Scenes) -> None:
    page = new_page(signed_in_as=BEN)
    thread = open_long_mail(page, desk, "Long, and growing")
    number = int(page.url.split("?")[0].rsplit("/", 1)[-1])
    scenes.client_reply(number, "Nobody looks at the end yet.")
    expect(thread.get_by_text("Nobody looks at the end yet.")).not_to_be_in_viewport()
    thread.evaluate("(thread) => thread.scrollTo(0, thread.scrollHeight)")
    at_rest(page)
    scenes.client_reply(number, "One more.\n" * 30 + "The very last line.")
    expect(thread.get_by_text("The very last line.")).to_be_in_viewport()


LINES_OF = """(element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({top}) => top)).size;
}"""


def test_a_mail_keeps_its_height_when_its_ticket_changes(desk: RunningDesk, new_page: NewPage, scenes: Scenes) -> None:
    page = new_page(signed_in_as=BEN)
    thread = open_long_mail(page, desk, "Rather high")
    scenes.client_reply(int(page.url.split("?")[0].rsplit("/", 1)[-1]), "And another thing.")
    expect(thread.get_by_text("And another thing.")).to_be_attached()
    assert thread.locator(".mail-frame").first.evaluate("(frame) => frame.offsetHeight") > 3000


END_OF = """(element) => {
    const range = document.createRange();
    range.selectNode(element.lastChild);
    return range.getBoundingClientRect().right;
}"""


def test_words_in_narrow_cells_stay_whole(desk: RunningDesk, new_page: NewPage) -> None:
    page = new_page(signed_in_as=BEN, size=PHONE)
    cells = "".join(f"<td><b>{word}</b></td>" for word in ["Secondary", "Responsibilities", "Measurements"] * 3)
    open_mail(page, desk, "Narrow cells", f"<table border=1><tr>{cells}</tr></table><p>{'long' * 100}</p>")
    frame = page.frame_locator(".mail-frame")
    words = frame.locator("b")
    expect(words).to_have_count(9)
    assert [word.evaluate(LINES_OF) for word in words.all()] == [1] * 9
    assert frame.locator("p").evaluate(LINES_OF) > 1
    assert frame.locator("html").evaluate("(root) => root.scrollHeight <= root.clientHeight")


def test_a_long_name_of_a_file_keeps_its_ending(desk: RunningDesk, new_page: NewPage) -> None:
    page = new_page(signed_in_as=BEN)
    name = f"{'Quarterly figures ' * 6}2026.csv"
    thread = open_mail(page, desk, "A long name", "<p>Attached.</p>", name)
    tile = thread.get_by_role("link", name=f"{name} 3 bytes")
    size = tile.get_by_text("3 bytes")
    box = tile.bounding_box()
    assert box is not None
    assert tile.locator(".file-name").evaluate(END_OF) < box["x"] + box["width"]
    expect(size).to_be_visible()
    assert size.evaluate("(size) => size.offsetWidth <= size.parentElement.clientWidth")


def test_the_list_shows_what_comes_in(new_page: NewPage, scenes: Scenes) -> None:
    page = new_page(signed_in_as=BEN)
    connected(page, "/workspace/inbox")
    number = scenes.ticket("Out of the blue")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Out of the blue"))
    expect(row).to_be_visible()
    scenes.staff_reply(number, "An answer from elsewhere.")
    expect(row).to_contain_text("An answer from elsewhere.")


def test_the_list_shows_what_came_while_the_page_was_on_its_way(new_page: NewPage, scenes: Scenes) -> None:
    page = new_page(signed_in_as=BEN)

    def come_between(route: Route) -> None:
        scenes.ticket("Between page and stream")
        route.continue_()

    page.route(LIVE, come_between, times=1)
    visit(page, "/workspace/inbox")
    expect(page.get_by_role("link", name="Between page and stream")).to_be_visible()


def test_the_list_asks_again_after_a_failed_request(new_page: NewPage, scenes: Scenes) -> None:
    page = new_page(signed_in_as=BEN, refusals=(503,))
    connected(page, "/workspace/inbox")
    page.route("**/workspace/inbox**", lambda route: route.fulfill(status=503), times=1)
    with page.expect_response(lambda answer: answer.status == 503):
        scenes.ticket("Asked for twice")
    expect(page.get_by_role("link", name="Asked for twice")).to_be_visible(timeout=15_000)


def test_news_wait_behind_a_pill_until_the_list_is_at_rest(new_page: NewPage, scenes: Scenes) -> None:
    scenes.ticket("Being pointed at")
    page = new_page(signed_in_as=BEN)
    connected(page, "/workspace/inbox")
    link, news = (page.get_by_role("link", name=name) for name in ("Being pointed at", "Waiting its turn"))
    pill = page.get_by_role("button", name="New activity")
    link.focus()
    page.keyboard.press("Shift")
    scenes.ticket("Waiting its turn")
    expect(pill).to_be_visible()
    expect(news).to_have_count(0)
    expect(news).to_be_visible(timeout=15_000)
    expect(pill).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Shift")
    scenes.ticket("Called for")
    pill.click()
    expect(page.get_by_role("link", name="Called for")).to_be_visible()
    expect(pill).to_be_hidden()


def test_a_ticket_follows_while_one_writes(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Shared work")
    page = new_page(signed_in_as=BEN)
    connected(page, f"/workspace/tickets/{number}")
    thread = page.get_by_role("log", name="Messages")
    page.keyboard.press("r")
    editor = page.locator("#composer-reply .ProseMirror")
    expect(editor).to_be_focused()
    page.keyboard.type("one three")
    for _ in "three":
        page.keyboard.press("ArrowLeft")
    scenes.client_reply(number, "Have you seen it?")
    expect(thread.get_by_text("Have you seen it?")).to_be_visible()
    scenes.team_message(number, "I know this one.")
    expect(thread.get_by_text("I know this one.")).to_be_visible()
    expect(editor).to_be_focused()
    page.keyboard.type("two ")
    expect(editor).to_have_text("one two three")


def test_an_open_menu_stays_open(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Choosing")
    page = new_page(signed_in_as=BEN)
    connected(page, f"/workspace/tickets/{number}")
    page.keyboard.press("t")
    field = page.get_by_role("textbox", name="Add tags").or_(page.get_by_role("combobox", name="Add tags"))
    expect(field).to_be_focused()
    page.keyboard.type("che")
    scenes.client_reply(number, "Something happened meanwhile.")
    expect(page.get_by_role("log").get_by_text("Something happened meanwhile.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("che")


def test_what_a_client_has_begun_to_fill_in_stays(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Done and dusted")
    scenes.staff_reply(number, "Mended.", close=True)
    page = new_page(signed_in_as=CLEO)
    connected(page, f"/tickets/{number}")
    rating = page.get_by_role("region", name="How did we do?")
    rating.get_by_text("Good", exact=True).click()
    rating.get_by_label("What should we know?").fill("Quick and kind")
    scenes.staff_reply(number, "One more thing.", close=True)
    expect(page.get_by_role("list", name="Messages").get_by_text("One more thing.")).to_be_visible()
    expect(rating.get_by_role("radio", name="Good", exact=True)).to_be_checked()
    expect(rating.get_by_label("What should we know?")).to_have_value("Quick and kind")


def test_a_client_hears_of_answers_and_of_nothing_else(new_page: NewPage, scenes: Scenes) -> None:
    number, foreign = scenes.ticket("What Cleo hears"), scenes.ticket("What Eve hears", by="eve")
    client, agent = new_page(signed_in_as=CLEO), new_page(signed_in_as=ADA)
    for page in (client, agent):
        visit(page, "/")
        page.evaluate(LISTEN)
    scenes.team_message(number, "She must not hear this.")
    scenes.staff_reply(foreign, "Nor this.")
    scenes.staff_reply(number, "This she may.")
    topic, other = scenes.topic(number), scenes.topic(foreign)
    agent.wait_for_function("(topics) => topics.every((topic) => heard.includes(topic))", arg=[topic, other])
    client.wait_for_function("(topic) => heard.includes(topic)", arg=topic)
    count = client.evaluate("heard.length")
    # What comes last is heard last: had the others been told to her, they would stand before it.
    scenes.team_message(number, "Nor this, afterwards.")
    scenes.client_reply(number, "The last word.")
    client.wait_for_function("(count) => heard.length > count", arg=count)
    heard = client.evaluate("heard")
    assert other not in heard
    assert set(heard) <= {topic, "everything"}
    assert heard.count(topic) < agent.evaluate("heard").count(topic)


def test_a_stream_is_refused_to_strangers(new_page: NewPage) -> None:
    page = new_page()
    assert page.request.get("/live").status == 401
    assert page.request.post("/live").status == 401


def test_the_page_says_when_it_lost_the_desk(new_page: NewPage, scenes: Scenes) -> None:
    scenes.ticket("Off the line")
    page = new_page(signed_in_as=BEN, refusals=(503,))
    page.route(LIVE, lambda route: route.fulfill(status=503))
    visit(page, "/workspace/inbox")
    banner = page.get_by_text("Reconnecting")
    expect(banner).to_be_visible(timeout=10_000)
    page.unroute(LIVE)
    expect(banner).to_be_hidden(timeout=20_000)
