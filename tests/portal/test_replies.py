from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client as Browser

from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Kind, Message, Ticket
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def closed_ago(cast: Cast, days: int) -> Ticket:
    ticket = cast.ticket("Done long ago")
    at = datetime.now(UTC) - timedelta(days=days)
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=at))
    return ticket


def test_a_reply_stands_in_the_thread_and_the_turn_changes(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    answer = browser.post(f"/tickets/{ticket.number}/messages", {"text": "It works now."})
    message = Message.objects.get(text="It works now.")
    assert answer["Location"] == f"/tickets/{ticket.number}#message-{message.public_id}"
    ticket.refresh_from_db()
    assert ticket.kind == Kind.OPEN
    assert (message.author, message.via) == (cast.cleo.user, "portal")


def test_a_colleague_can_answer_too(cast: Cast) -> None:
    ticket = cast.ticket()
    signed_in(cast.dev.user).post(f"/tickets/{ticket.number}/messages", {"text": "Dev here."})
    assert Message.objects.get(text="Dev here.").author == cast.dev.user


def test_files_alone_are_a_reply(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.cleo.user)
    browser.post(f"/tickets/{ticket.number}/messages", {"text": "", "attachments": [file.public_id]})
    assert ticket.messages.count() == 2


def test_an_empty_reply_says_so(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    answer = browser.post(f"/tickets/{ticket.number}/messages", {"text": " \n "})
    assert answer.status_code == 422
    assert "Write a message or attach a file first." in answer.content.decode()
    assert 'aria-invalid="true" autofocus' in answer.content.decode(), "or a phone shows the top of the thread alone"
    assert ticket.messages.count() == 1


def test_a_reply_sent_twice_is_written_once(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.cleo.user)
    form = {"text": "Once.", "idempotency_key": "b" * 32, "attachments": [file.public_id]}
    first = browser.post(f"/tickets/{ticket.number}/messages", form)
    second = browser.post(f"/tickets/{ticket.number}/messages", form)
    assert first["Location"] == second["Location"]
    assert Message.objects.filter(text="Once.").count() == 1


def test_a_closed_ticket_opens_with_the_reply(cast: Cast, browser: Browser) -> None:
    ticket = closed_ago(cast, days=3)
    assert "Write below to open it again." in browser.get(f"/tickets/{ticket.number}").content.decode()
    browser.post(f"/tickets/{ticket.number}/messages", {"text": "Not quite."})
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert "You reopened this" in browser.get(f"/tickets/{ticket.number}").content.decode()


def test_closing_posts_first_what_stands_in_the_box(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    browser.post(f"/tickets/{ticket.number}/closing", {"text": "Thanks, solved."})
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert ticket.last_line == "Thanks, solved."


def test_closing_needs_no_words(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    answer = browser.post(f"/tickets/{ticket.number}/closing", {"text": ""}, follow=True)
    page = answer.content.decode()
    assert "You closed this" in page
    assert "Closed. Write again whenever something is left." in page
    assert ticket.messages.count() == 1


def test_closing_keeps_the_ticket_open_when_the_words_cannot_be_sent(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    answer = browser.post(f"/tickets/{ticket.number}/closing", {"text": "x" * 100_001})
    ticket.refresh_from_db()
    assert answer.status_code == 422
    assert not ticket.is_closed


def test_reopening_needs_no_words(cast: Cast, browser: Browser) -> None:
    ticket = closed_ago(cast, days=3)
    browser.post(f"/tickets/{ticket.number}/reopening")
    ticket.refresh_from_db()
    assert not ticket.is_closed


def test_a_late_reply_is_kept_and_becomes_a_follow_up(cast: Cast, browser: Browser) -> None:
    ticket = closed_ago(cast, days=20)
    answer = browser.post(f"/tickets/{ticket.number}/messages", {"text": "It is back."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "closed too long ago" in page
    assert "It is back." in page
    assert f'action="/tickets/{ticket.number}/follow-ups"' in page
    browser.post(f"/tickets/{ticket.number}/follow-ups", {"text": "It is back."})
    opened = Ticket.objects.exclude(pk=ticket.pk).get()
    assert opened.follow_up_of == ticket
    assert f"#{ticket.number}" in browser.get(f"/tickets/{opened.number}").content.decode()
    ticket.refresh_from_db()
    assert ticket.is_closed


def test_reopening_too_late_offers_the_follow_up(cast: Cast, browser: Browser) -> None:
    ticket = closed_ago(cast, days=20)
    assert browser.post(f"/tickets/{ticket.number}/reopening").status_code == 409
    ticket.refresh_from_db()
    assert ticket.is_closed


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_opens_one_ticket(committed_cast: Cast) -> None:
    file = committed_cast.upload(committed_cast.cleo.user)
    form = {"subject": "Twice", "text": "Twice.", "idempotency_key": "c" * 32, "attachments": [file.public_id]}
    browsers = [signed_in(committed_cast.cleo.user) for _ in range(4)]

    def send(browser: Browser) -> int:
        try:
            return browser.post("/tickets/new", form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, browsers))
    assert Ticket.objects.count() == 1
    assert set(answers) == {302}
