from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from deskhand.events import Via
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.conversation import NewMessage, post_client_reply
from deskhand.tickets.actions.status import close_ticket, set_status
from deskhand.tickets.bodies import from_mail
from deskhand.tickets.models import Attachment, Message, Participant, ReadMarker, Status, Ticket
from tests.cast import NOON, Cast, act_by
from tests.web.visitors import signed_in

LAID_OUT = (
    '<table style="color:red"><tr><td>Red <img src="cid:pic1"><img src="https://spy.example/p.gif"></td></tr></table>'
)


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def page(browser: Browser, ticket: Ticket) -> str:
    return browser.get(f"/tickets/{ticket.number}").content.decode()


def mailed(cast: Cast, ticket: Ticket, html: str) -> Message:
    """Post a mail of Cleo's with a picture named pic1."""
    file = cast.upload(cast.cleo.user)
    new = NewMessage(from_mail(html=html, text="As text."), files=[file])
    by_mail = act_by(cast.cleo.user, via=Via.MAIL)
    message = post_client_reply(ticket_id=ticket.pk, contact=cast.cleo, new=new, act=by_mail)
    Attachment.objects.filter(file=file).update(content_id="pic1", is_inline=True)
    return message


def test_tells_in_plain_words_what_happened(cast: Cast, browser: Browser) -> None:
    ticket, at = cast.ticket(), NOON
    set_assignees(ticket_id=ticket.pk, agents=[cast.ben], act=act_by(cast.ada.user, at=at + timedelta(minutes=1)))
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=at + timedelta(minutes=2)))
    cast.client_reply(ticket)
    text = page(browser, ticket)
    for sentence in ("Ben Baker started working on this", "Closed by Ben", "You reopened this"):
        assert sentence in text
    assert "Cleo Clarke reopened this" in page(signed_in(cast.dev.user), ticket)


def test_says_nothing_of_what_staff_do_among_themselves(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    before = page(browser, ticket).count("<li")
    spam, opened = Status.objects.get(kind="spam"), Status.objects.get(kind="open")
    for status in (spam, opened):
        set_status(ticket_id=ticket.pk, status=status, act=act_by(cast.ben.user))
    set_assignees(ticket_id=ticket.pk, agents=[], act=act_by(cast.ben.user))
    assert page(browser, ticket).count("<li") == before


@pytest.mark.parametrize("kind", ["open", "spam"])
def test_shows_open_for_every_kind_that_is_neither_pending_nor_closed(cast: Cast, browser: Browser, kind: str) -> None:
    ticket = cast.ticket()
    set_status(ticket_id=ticket.pk, status=Status.objects.filter(kind=kind)[0], act=act_by(cast.ben.user))
    assert '<span class="pill pill-open' in page(browser, ticket)


def test_shows_whose_turn_it_is(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert "Awaiting your response" in page(browser, ticket)
    cast.client_reply(ticket)
    assert "Awaiting your response" not in page(browser, ticket)


def test_looking_tells_staff_how_far_the_client_has_read(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    message = cast.staff_reply(ticket)
    cast.team_message(ticket)
    page(browser, ticket)
    assert ReadMarker.objects.get(user=cast.cleo.user).position == message.position


def test_shows_simple_mail_in_the_page_and_laid_out_mail_in_a_frame(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    mailed(cast, ticket, "<div>Hello <b>there</b></div>")
    framed = mailed(cast, ticket, LAID_OUT)
    text = page(browser, ticket)
    assert "<div>Hello <b>there</b></div>" in text
    assert "color:red" not in text
    assert f'src="/tickets/{ticket.number}/messages/{framed.public_id}/body"' in text
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in text


def test_a_frame_runs_nothing_and_fetches_nothing_from_elsewhere(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    message = mailed(cast, ticket, LAID_OUT)
    answer = browser.get(f"/tickets/{ticket.number}/messages/{message.public_id}/body")
    text = answer.content.decode()
    file = Attachment.objects.get(content_id="pic1").file
    assert f'src="{file.url}/inline"' in text
    assert "spy.example" not in text
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "sandbox "):
        assert rule in policy
    assert "script" not in policy


def test_a_frame_is_for_the_tickets_client_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    message = mailed(cast, ticket, LAID_OUT)
    address = f"/tickets/{ticket.number}/messages/{message.public_id}/body"
    assert signed_in(cast.eve.user).get(address).status_code == 404
    other = cast.opened_by(cast.eve)
    assert signed_in(cast.eve.user).get(f"/tickets/{other.number}/messages/{message.public_id}/body").status_code == 404


def test_lists_files_but_not_those_the_text_shows(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    mailed(cast, ticket, LAID_OUT)
    assert "screen.png" not in page(browser, ticket)
    cast.staff_reply(ticket, files=[cast.upload(cast.ben.user, name="plan.pdf", content=b"%PDF")])
    assert "plan.pdf" in page(browser, ticket)


def test_attaches_files_without_a_message(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.cleo.user, name="later.png")
    answer = browser.post(f"/tickets/{ticket.number}/files", {"attachments": [file.public_id]}, follow=True)
    assert "You attached later.png" in answer.content.decode()
    assert ticket.messages.count() == 1


def test_attaches_files_sent_without_scripts(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    sent = BytesIO(b"a")
    sent.name = "plain.txt"
    browser.post(f"/tickets/{ticket.number}/files", {"files": [sent]})
    assert ticket.attachments.get().file.name == "plain.txt"


def test_asks_for_a_file_where_none_was_chosen(cast: Cast, browser: Browser) -> None:
    answer = browser.post(f"/tickets/{cast.ticket().number}/files")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_keeps_a_colleague_informed(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    answer = browser.post(f"/tickets/{ticket.number}/participants", {"colleague": cast.dev.pk}, follow=True)
    text = answer.content.decode()
    assert "You added Dev Das" in text
    assert Participant.objects.get().contact == cast.dev
    assert f'<option value="{cast.dev.pk}"' not in text


@pytest.mark.parametrize("who", ["eve", "cleo"])
def test_refuses_anyone_but_a_colleague(cast: Cast, browser: Browser, who: str) -> None:
    ticket = cast.ticket()
    chosen = getattr(cast, who)
    answer = browser.post(f"/tickets/{ticket.number}/participants", {"colleague": chosen.pk})
    assert answer.status_code == 422
    assert "Choose a colleague from the list." in answer.content.decode()
    assert "Eve Evans" not in answer.content.decode()
    assert not Participant.objects.exists()


def test_asks_the_database_the_same_however_long_the_thread_is(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(browser, ticket)
        return len(queries)

    def write(times: int) -> None:
        for _ in range(times):
            cast.staff_reply(ticket, files=[cast.upload(cast.ben.user)])
            cast.client_reply(ticket)

    write(1)
    counted()
    short = counted()
    write(10)
    counted()
    assert counted() == short <= 15


def test_quotes_the_number_in_mail_to_the_account_manager(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket("Tea & cake")
    text = page(browser, ticket)
    assert f"mailto:ben@desk.example?subject=%23{ticket.number}%20Tea%20%26%20cake" in text
    assert f"please quote #{ticket.number}." in text
