"""The main job from end to end: mail in, an answer in the browser, mail out, an answer by mail, the portal.

Everything is real: `deskhand up`, PostgreSQL, LMTP in, SMTP out, Chromium at desktop and phone width.
"""

from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.running_desk import RunningDesk
from tests.browser.visiting import editor_of

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
TEAM_WORD = "porcupine"


def mail_with_picture(subject: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Cleo Clarke <cleo@acme.example>"
    mail["To"] = "support@desk.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{abs(hash(subject))}.first@acme.example>"
    mail["Date"] = "Wed, 18 Nov 2026 12:00:00 +0000"
    mail.set_content("Hello,\n\nthe checkout stalls after I choose a date.\n\nCleo")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="stalled.png")
    return mail.as_bytes()


def header(received: Message, name: str) -> str:
    """Return a header's value, unfolded."""
    return " ".join(str(received[name]).split())


def answer_to(received: Message, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Cleo Clarke <cleo@acme.example>"
    mail["To"] = header(received, "Reply-To")
    mail["Subject"] = f"Re: {header(received, 'Subject')}"
    mail["Message-ID"] = f"<{abs(hash(text))}.answer@acme.example>"
    mail["In-Reply-To"] = header(received, "Message-ID")
    mail["References"] = header(received, "Message-ID")
    mail.set_content(f"{text}\n\nOn Wed, 18 Nov 2026 at 12:10, Ben Baker wrote:\n> We are looking into it.\n")
    return mail.as_bytes()


def row(page: Page, subject: str) -> object:
    return page.get_by_role("link", name=subject)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_mail_becomes_a_ticket_and_both_sides_talk(
    desk: RunningDesk, new_page: NewPage, size: tuple[int, int]
) -> None:
    subject = f"Checkout stalls at {size[0]}"
    agent = new_page(signed_in_as="ben@desk.example", size=size)
    agent.goto("/workspace/inbox")

    # A real mail with an attachment comes in by LMTP; the open list shows it by itself.
    desk.deliver(mail_with_picture(subject), sender="cleo@acme.example", recipient="support@desk.example")
    link = agent.get_by_role("link", name=subject)
    expect(link).to_be_visible(timeout=30_000)
    link.click()
    conversation = agent.get_by_role("region", name="Conversation")
    expect(conversation.get_by_role("heading", level=1)).to_be_focused()
    expect(conversation.get_by_text("the checkout stalls after I choose a date")).to_be_visible()
    expect(conversation.get_by_text("stalled.png")).to_be_visible()

    # A word among the team, which no client may ever see.
    agent.get_by_role("tab", name="Team only").click()
    editor_of(agent, "Team message").fill(f"Careful, {TEAM_WORD} again.")
    agent.get_by_role("button", name="Post to the team").click()
    expect(conversation.get_by_role("log").get_by_text(f"Careful, {TEAM_WORD} again.")).to_be_visible()

    # The agent answers; the mail reaches a real SMTP server with the right headers.
    agent.get_by_role("tab", name="Reply", exact=True).click()
    editor_of(agent, "Reply").fill("We are looking into it.")
    agent.get_by_role("button", name="Send, await client").click()
    received = desk.postbox.wait_for_words("cleo@acme.example", subject=subject, words="We are looking into it.")
    reply_to = parseaddr(header(received, "Reply-To"))[1]
    assert reply_to.startswith("reply+")
    assert reply_to.endswith("@desk.example")
    assert header(received, "In-Reply-To") == f"<{abs(hash(subject))}.first@acme.example>"
    assert header(received, "In-Reply-To") in header(received, "References")
    assert header(received, "Message-ID").endswith("@desk.example>")
    assert "\n" not in str(received["Message-ID"]), "some programs cannot read a folded Message-ID"
    assert TEAM_WORD not in received.as_string()

    # Her answer by mail reopens the same ticket, and the agent's open page updates by itself.
    desk.deliver(
        answer_to(received, f"It works on my phone, {size[0]}."),
        sender="cleo@acme.example",
        recipient=reply_to,
    )
    expect(conversation.get_by_text(f"It works on my phone, {size[0]}.")).to_be_visible(timeout=30_000)

    # In the portal she sees all of it, as Open, and nothing of the team.
    client = new_page(signed_in_as="cleo@acme.example", size=size)
    expect(client.get_by_role("link", name=subject)).to_be_visible()
    assert violations(client) == []
    client.get_by_role("link", name=subject).click()
    for text in ("the checkout stalls after I choose a date", "We are looking into it.", "It works on my phone"):
        expect(client.get_by_text(text).first).to_be_visible()
    expect(client.get_by_text("stalled.png").first).to_be_visible()
    assert TEAM_WORD not in client.content()
    assert "Pending" not in client.content()
    assert violations(client) == []
    assert violations(agent) == []
