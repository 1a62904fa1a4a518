"""A client's night from end to end: the red box, a business critical ticket, the agent on call, extra time, a rating.

Everything is real, as in test_the_main_job.py. The desk's office opens three days from now, whenever "now" is.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.running_desk import RunningDesk
from tests.browser.scenes import Scenes
from tests.browser.visiting import editor_of, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

BEN = "ben@desk.example"
LIVE = re.compile(r"/live(\?|$)")
ELSEWHERE = 30_000
"""How long to wait for what another browser did, in milliseconds."""


@pytest.fixture
def night(scenes: Scenes) -> Iterator[None]:
    """Close the office, with Ben on call."""
    scenes.close_office()
    yield
    scenes.open_office()


def sign_in_by_link(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def open_critical_ticket(page: Page, subject: str) -> str:
    """Fill in the form as the page asks for it, and return the ticket's address."""
    page.get_by_role("link", name="New ticket").first.click()
    expect(page.get_by_text("until then we act only on those that are business critical")).to_be_visible()
    page.get_by_role("radio", name="Business critical").check(force=True)
    page.get_by_role("checkbox", name="Yes, this is business critical").check()
    page.get_by_label("Call me back on").fill("020 7946 0812")
    page.get_by_label("Subject").fill(subject)
    page.get_by_role("textbox", name="Describe it").fill("Nobody can pay. Every card is refused.")
    assert violations(page) == []
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("We answer within")).to_be_visible()
    page.get_by_role("link", name="See the ticket").click()
    expect(page.get_by_role("heading", level=1, name=subject)).to_be_visible()
    return page.url


def show_details(page: Page) -> None:
    """Open the fourth pane where the window is too narrow for it."""
    opener = page.get_by_role("button", name="Details", exact=True)
    if opener.is_visible():
        opener.click()


def hide_details(page: Page) -> None:
    """Close the pane again where it lies over the conversation."""
    if page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}:
        page.get_by_role("button", name="Hide details").click()


def take_on(agent: Page, subject: str) -> Locator:
    """Go from the alert to its ticket and acknowledge it; returns the pane of the conversation."""
    alert = agent.get_by_role("region", name="On call")
    expect(alert.get_by_role("link", name=subject)).to_be_visible(timeout=ELSEWHERE)
    assert violations(agent) == []
    alert.get_by_role("link", name=subject).click()
    conversation = agent.get_by_role("region", name="Conversation")
    expect(conversation.get_by_role("heading", level=1, name=subject)).to_be_visible()
    alert.get_by_role("button", name="Acknowledge").click()
    expect(agent.get_by_text("Nobody is alerted again.")).to_be_visible(timeout=ELSEWHERE)
    expect(alert).to_have_count(0)
    return conversation


def answer(agent: Page, conversation: Locator, words: str) -> None:
    """Send a first answer, and see that it stopped the clock."""
    editor_of(agent, "Reply").fill(words)
    agent.get_by_role("button", name="Send, await client").click()
    expect(conversation.get_by_role("log").get_by_text(words)).to_be_visible(timeout=ELSEWHERE)
    show_details(agent)
    first = agent.locator(".clock-line").filter(has_text="First response")
    expect(first.get_by_role("img", name="Kept")).to_be_visible()


def ask_for_time(agent: Page, *, time: str, what_for: str) -> None:
    agent.get_by_role("button", name="Ask for approval…").click()
    agent.get_by_label("Extra time").fill(time)
    agent.get_by_label("What for").fill(what_for)
    agent.get_by_role("button", name="Ask the client").click()


def rate_good(client: Page, comment: str) -> None:
    expect(client.get_by_text("This ticket is closed.")).to_be_visible()
    rating = client.get_by_role("region", name="How did we do?")
    rating.get_by_text("Good", exact=True).click()
    expect(rating.get_by_role("radio", name="Good", exact=True)).to_be_checked()
    rating.get_by_label("What should we know?").fill(comment)
    rating.get_by_role("button", name="Send").click()
    expect(client.get_by_role("heading", name="Thank you for saying how we did")).to_be_visible()
    assert violations(client) == []


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_client_is_heard_at_night(
    new_page: NewPage, scenes: Scenes, desk: RunningDesk, size: tuple[int, int]
) -> None:
    who, subject = f"finn{size[0]}@fable.example", f"No payments at {size[0]}"
    scenes.client_over_allowance(f"Fable {size[0]}", contact="Finn Frost", address=who)
    agent = new_page(signed_in_as=BEN, size=size)
    with agent.expect_response(LIVE):
        visit(agent, "/workspace/inbox")

    # The client comes by the link of a mail, and reads in words that the allowance is used up.
    client = new_page(size=size)
    sign_in_by_link(client, scenes.sign_in_link(who))
    expect(client.locator(".allow.full").filter(visible=True).first).to_contain_text("30m over")
    expect(client.get_by_text("Our office is closed")).to_be_visible()
    assert violations(client) == []
    address = open_critical_ticket(client, subject)

    # Whoever is on call is alerted at once, by mail and wherever in the workspace they are, and takes the alert on.
    desk.postbox.wait_for_words(BEN, subject=subject, words="business critical")
    conversation = take_on(agent, subject)

    # The first answer of a person stops the clock; the client sees no promise any more.
    answer(agent, conversation, "I am looking at the payments now.")
    expect(client.get_by_text("I am looking at the payments now.")).to_be_visible(timeout=ELSEWHERE)
    expect(client.get_by_text("We answer within")).to_have_count(0)

    # More work than there is time for: the client is asked, and approves it once.
    ask_for_time(agent, time="1h 30m", what_for="Move to the other payment provider")
    asked = client.get_by_role("region", name="May we do 1h 30m of extra work?")
    expect(asked.get_by_text("Move to the other payment provider")).to_be_visible(timeout=ELSEWHERE)
    asked.get_by_role("button", name="Approve").click()
    expect(client.get_by_text("You approved 1h 30m of extra work")).to_be_visible()
    expect(agent.get_by_text("approved by Finn Frost")).to_be_visible(timeout=ELSEWHERE)

    # The ticket is closed, and the client says how it went.
    ticket_page = agent.url
    hide_details(agent)
    agent.get_by_role("button", name="Close", exact=True).click()
    expect(agent.get_by_text("Closed.")).to_be_visible(timeout=ELSEWHERE)
    client.goto(address)
    rate_good(client, "Quick, even at night.")
    visit(agent, ticket_page)
    show_details(agent)
    expect(agent.get_by_text("Quick, even at night.").first).to_be_visible()
