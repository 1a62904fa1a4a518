"""Writing in the composer and the portal's forms: nothing typed is lost, crosses over, or goes out twice."""

import re
import socket
from email.message import Message

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.running_desk import RunningDesk
from tests.browser.scenes import Scenes
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

BEN, ADA, KIT = "ben@desk.example", "ada@desk.example", "kit@desk.example"
CLEO, DEV = "cleo@acme.example", "dev@acme.example"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="  # one pixel
PASTE = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], name, {type: "image/png"}));
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
DROP = """(name) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["one,two"], name, {type: "text/csv"}));
    for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}));
}"""
# A click of Playwright's would wait for the answer.
LEAVING = """async (button) => {
    button.click();
    await new Promise((done) => setTimeout(done, 200));
    return [...button.form.querySelectorAll("button")]
        .map((one) => one.textContent.trim() + (one.ariaDisabled === "true" ? " (waiting)" : "")).join(", ");
}"""


def open_ticket(page: Page, number: int) -> Locator:
    """Open a ticket in the workspace and return its conversation."""
    visit(page, f"/workspace/tickets/{number}")
    return page.get_by_role("region", name="Conversation")


def write(page: Page, tab: str, text: str) -> Locator:
    """Choose whom to write to, type, and return the editor."""
    page.get_by_role("tab", name=tab, exact=True).click()
    editor = page.get_by_role("tabpanel", name=tab, exact=True).locator(".ProseMirror")
    expect(editor).to_be_focused()
    page.keyboard.type(text)
    return editor


def field(page: Page, tab: str) -> Locator:
    """Return the field of one audience, as it is before the editor takes its place."""
    return page.get_by_role("tabpanel", name=tab, exact=True).locator("textarea")


def hold(page: Page, pattern: str) -> list[Route]:
    """Let no request to these addresses go on, and return where they gather."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(pattern, keep)
    return held


def test_text_never_crosses_between_client_and_team(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Two audiences")
    page = new_page(signed_in_as=BEN)
    conversation = open_ticket(page, number)
    write(page, "Reply", "For the client.")
    expect(write(page, "Team only", "For the team.")).to_have_text("For the team.")
    page.get_by_role("tab", name="Reply", exact=True).click()
    expect(page.locator("#composer-reply .ProseMirror")).to_have_text("For the client.")
    expect(page.get_by_role("tab", name="Team only")).to_have_attribute("aria-description", "has unsent text")
    page.get_by_role("tab", name="Team only").click()
    page.get_by_role("button", name="Post to the team").click()
    expect(conversation.get_by_role("log").get_by_text("For the team.")).to_be_visible()
    assert scenes.written_to_team(number) == ["For the team."]
    assert scenes.written(number) == ["It spins."]
    page.get_by_role("tab", name="Reply", exact=True).click()
    expect(page.locator("#composer-reply .ProseMirror")).to_have_text("For the client.")
    page.get_by_role("button", name="Send, await client").click()
    expect(conversation.get_by_role("log").get_by_text("For the client.")).to_be_visible()
    assert scenes.written(number) == ["It spins.", "For the client."]
    assert scenes.written_to_team(number) == ["For the team."]


def test_drafts_come_back_after_a_reload(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Interrupted")
    page = new_page(signed_in_as=BEN)
    open_ticket(page, number)
    write(page, "Reply", "Half an answer")
    expect(page.get_by_role("tabpanel", name="Reply").get_by_text("Draft saved")).to_be_visible()
    write(page, "Team only", "Half a question")
    expect(page.get_by_role("tabpanel", name="Team only").get_by_text("Draft saved")).to_be_visible()
    assert scenes.drafts(number) == {"client": "Half an answer", "team": "Half a question"}
    elsewhere = new_page(signed_in_as=BEN)
    for place in (page, elsewhere):
        open_ticket(place, number)
        expect(field(place, "Reply")).to_have_value("Half an answer")
        place.get_by_role("tab", name="Team only").click()
        expect(place.locator("#composer-team .ProseMirror")).to_have_text("Half a question")


def test_a_late_save_does_not_revive_what_was_sent(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Slow line")
    page = new_page(signed_in_as=BEN)
    conversation = open_ticket(page, number)
    held = hold(page, "**/drafts/**")
    with page.expect_request("**/drafts/**"):
        write(page, "Reply", "Sent before it was saved.")
    page.get_by_role("button", name="Send, await client").click()
    expect(conversation.get_by_role("log").get_by_text("Sent before it was saved.")).to_be_visible(timeout=15_000)
    with page.expect_response("**/drafts/**"):
        held[0].continue_()
    page.unroute("**/drafts/**")
    assert scenes.drafts(number) == {}
    open_ticket(page, number)
    expect(field(page, "Reply")).to_have_value("")


def test_a_mention_tells_a_colleague_and_gives_access_only_when_asked(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("A second pair of eyes")
    page, kit = new_page(signed_in_as=BEN, refusals=(409,)), new_page(signed_in_as=KIT, refusals=(404,))
    conversation = open_ticket(page, number)
    kit.goto(f"/workspace/tickets/{number}")
    expect(kit.get_by_role("heading", name="A second pair of eyes")).to_have_count(0)
    write(page, "Team only", "Please look, @Ki")
    option = page.get_by_role("option", name="Kit Carr")
    expect(option).to_contain_text("cannot see this ticket yet")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-team .mention")).to_have_text("@Kit Carr")
    page.keyboard.press("Control+Enter")
    notice = page.get_by_role("alert", name="Check who reads this")
    expect(notice).to_contain_text("Kit Carr cannot see this ticket yet")
    assert scenes.written_to_team(number) == []
    notice.get_by_role("button", name="Post and give access").click()
    expect(conversation.get_by_role("log").get_by_text("@Kit Carr")).to_be_visible()
    expect(notice).to_be_hidden()
    kit.goto("/workspace/inbox?view=mentions")
    expect(kit.get_by_role("link", name="A second pair of eyes")).to_be_visible()


def test_a_pasted_picture_arrives_in_the_message(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("As seen here")
    page = new_page(signed_in_as=BEN)
    conversation = open_ticket(page, number)
    editor = write(page, "Reply", "Like this: ")
    page.evaluate(PASTE, ["shot.png", PNG])
    expect(page.get_by_role("button", name="Remove shot.png")).to_be_visible()
    expect(editor.get_by_role("img", name="shot.png")).to_be_visible()
    page.get_by_role("button", name="Send, await client").click()
    expect(conversation.get_by_role("log").get_by_role("img", name="shot.png")).to_be_visible()
    client = new_page(signed_in_as=CLEO)
    visit(client, f"/tickets/{number}")
    picture = client.get_by_role("list", name="Messages").get_by_role("img", name="shot.png")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)


def test_a_dropped_file_shows_its_progress_and_can_be_tried_again(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Figures")
    page = new_page(signed_in_as=BEN, refusals=(507,))
    conversation = open_ticket(page, number)
    editor = write(page, "Reply", "Here they are.")
    held = hold(page, "**/uploads")
    with page.expect_request("**/uploads"):
        page.evaluate(DROP, "figures.csv")
    expect(page.get_by_role("progressbar", name="Uploading figures.csv")).to_be_visible()
    held[0].fulfill(status=507, json={"error": "The desk has no room for it just now."})
    expect(page.get_by_text("The desk has no room for it just now.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send, await client").click()
    expect(page.get_by_text("A file was not uploaded. Try it again or remove it, then send.")).to_be_visible()
    expect(editor).to_have_text("Here they are.")
    assert scenes.written(number) == ["It spins."]
    page.unroute("**/uploads")
    page.get_by_role("button", name="Try again figures.csv").click()
    expect(page.get_by_role("progressbar", name="Uploading figures.csv")).to_have_count(0)
    page.get_by_role("button", name="Send, await client").click()
    expect(conversation.get_by_role("log").get_by_role("link", name="figures.csv")).to_be_visible()
    assert scenes.written(number) == ["It spins.", "Here they are."]


def test_a_double_click_sends_once(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Nervous finger")
    page = new_page(signed_in_as=BEN)
    conversation = open_ticket(page, number)
    write(page, "Reply", "Only once.")
    page.get_by_role("button", name="Send, await client").dblclick()
    expect(conversation.get_by_role("log").get_by_text("Only once.")).to_be_visible()
    expect(page.get_by_role("status").get_by_text("Sent.")).to_be_visible()
    assert scenes.written(number) == ["It spins.", "Only once."]
    write(page, "Reply", "And another.")
    page.keyboard.press("Control+Enter")
    expect(conversation.get_by_role("log").get_by_text("And another.")).to_be_visible()
    assert scenes.written(number) == ["It spins.", "Only once.", "And another."]


def test_a_server_being_tried_out_is_seen_to_be(new_page: NewPage) -> None:
    page = new_page(signed_in_as=ADA)
    visit(page, "/workspace/settings/mailboxes")
    page.get_by_role("link", name="Support").first.click()  # others may have made one of that name
    page.get_by_role("link", name="Choose a server of its own").click()
    page.locator("html[data-loaded]").wait_for(state="attached")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        page.get_by_label("Server", exact=True).fill("127.0.0.1")
        page.get_by_label("Port").fill(str(silent.getsockname()[1]))
        page.get_by_label("Security").select_option("none")
        page.get_by_label("Password", exact=True).fill("correct-horse")
        assert page.get_by_role("button", name="Test").evaluate(LEAVING) == "Save (waiting), Testing… (waiting)"
        connection, _ = silent.accept()
        connection.close()
    expect(page.get_by_text("The test failed")).to_be_visible()
    expect(page.get_by_role("button", name="Test", exact=True)).not_to_have_attribute("aria-disabled", "true")


def test_what_came_meanwhile_is_shown_before_a_reply_goes_out(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Crossing")
    page = new_page(signed_in_as=BEN, refusals=(409,))
    conversation = open_ticket(page, number)
    editor = write(page, "Reply", "It is the cache.")
    scenes.client_reply(number, "It is not the cache, I checked.")
    page.get_by_role("button", name="Send, await client").click()
    notice = page.get_by_role("alert", name="Read this first")
    expect(notice.get_by_text("It is not the cache, I checked.")).to_be_visible()
    expect(editor).to_have_text("It is the cache.")
    assert "It is the cache." not in scenes.written(number)
    notice.get_by_role("button", name="Send anyway").click()
    expect(conversation.get_by_role("log").get_by_text("It is the cache.", exact=True)).to_be_visible()
    expect(notice).to_be_hidden()
    assert scenes.written(number)[1:] == ["It is not the cache, I checked.", "It is the cache."]


@pytest.mark.parametrize(("tab", "send"), [("Reply", "Send, await client"), ("Team only", "Post to the team")])
def test_an_empty_message_is_refused_with_words(new_page: NewPage, scenes: Scenes, tab: str, send: str) -> None:
    number = scenes.ticket("Silence")
    page = new_page(signed_in_as=BEN, refusals=(422,))
    open_ticket(page, number)
    write(page, tab, "   ")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("alert", name="Not sent")).to_contain_text(re.compile(r"\w+ .*\."))
    assert scenes.written(number) == ["It spins."]
    assert scenes.written_to_team(number) == []


def test_a_new_ticket_keeps_text_and_files_through_an_error(new_page: NewPage) -> None:
    page = new_page(signed_in_as=DEV, refusals=(422,))
    visit(page, "/tickets/new")
    page.get_by_role("textbox", name="Describe it").click()
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("It has no name yet.")
    page.evaluate(DROP, "evidence.csv")
    expect(page.get_by_role("button", name="Remove evidence.csv")).to_be_visible()
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("textbox", name="Describe it")).to_have_value("It has no name yet.")
    expect(page.get_by_role("button", name="Remove evidence.csv")).to_be_visible()
    page.get_by_label("Subject").fill("Now it has")
    page.get_by_role("button", name="Open ticket").click()
    page.get_by_role("link", name="See the ticket").click()
    expect(page.get_by_text("It has no name yet.")).to_be_visible()
    expect(page.get_by_role("link", name="evidence.csv")).to_have_count(1)


def test_a_client_needs_no_scripts(desk: RunningDesk, new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(DEV)
    page.get_by_role("button", name="Email me a sign-in link").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    mail = desk.postbox.wait_for_words(DEV, subject="", words="/sign-in/link/")
    link = re.search(r"http://\S+/sign-in/link/[\w:-]+", readable(mail))
    assert link
    page.goto(link.group())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill("Plainly")
    page.get_by_role("textbox", name="Describe it").fill("Without any script.")
    page.locator("input[type=file]:visible").set_input_files(
        {"name": "plain.txt", "mimeType": "text/plain", "buffer": b"plain"}
    )
    page.get_by_role("button", name="Open ticket").click()
    page.get_by_role("link", name="See the ticket").click()
    messages = page.get_by_role("list", name="Messages")
    expect(messages.get_by_role("link", name="plain.txt")).to_be_visible()
    reply = page.get_by_role("form", name="Your reply")
    reply.get_by_role("textbox", name="Your reply").fill("One more thing.")
    reply.get_by_role("button", name="Send").click()
    expect(messages.get_by_text("One more thing.")).to_be_visible()
    page.get_by_role("button", name="Close ticket").click()
    expect(page.get_by_text("This ticket is closed.")).to_be_visible()
    reply.get_by_role("textbox", name="Your reply").fill("It is back.")
    reply.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This ticket is closed.")).to_have_count(0)


def readable(mail: Message) -> str:
    """Return a mail's plain text."""
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_a_preview_takes_away_what_was_wrong_before_it(new_page: NewPage) -> None:
    page = new_page(signed_in_as=ADA, refusals=(422,))
    visit(page, "/workspace/settings/texts/acknowledgement")
    subject = page.get_by_label("Subject")
    subject.fill("Dear {nome}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is no variable {nome}.")).to_be_visible()
    page.locator("html[data-loaded]").wait_for(state="attached")
    subject.fill("Dear {name}")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("#1042").first).to_be_visible()
    expect(page.get_by_text("There is no variable {nome}.")).to_be_hidden()
    expect(subject).not_to_have_attribute("aria-invalid", "true")


def test_an_agent_needs_no_scripts(new_page: NewPage, scenes: Scenes) -> None:
    number = scenes.ticket("Plain workspace")
    page = new_page(signed_in_as=BEN, scripts=False)
    page.goto("/workspace/inbox")
    page.get_by_role("link", name="Plain workspace").click()
    page.get_by_role("textbox", name="Reply", exact=True).fill("A plain answer.")
    page.get_by_role("button", name="Send, await client").click()
    expect(page.get_by_role("log").get_by_text("A plain answer.")).to_be_visible()
    page.get_by_role("textbox", name="Team message").fill("A plain word.")
    page.get_by_role("button", name="Post to the team").click()
    expect(page.get_by_role("log").get_by_text("A plain word.")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    page.goto(f"/workspace/tickets/{number}")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    assert scenes.written(number) == ["It spins.", "A plain answer."]
    assert scenes.written_to_team(number) == ["A plain word."]
