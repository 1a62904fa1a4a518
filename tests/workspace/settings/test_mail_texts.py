"""The texts of automatic mail, undeliverable addresses, and sending a mail again."""

import re
from datetime import timedelta

import pytest

from deskhand.mail.models import Delivery, DeliveryState, MailSettings, OutboundMail, SuppressedAddress
from deskhand.mail.models.texts import MailText, TextKind
from deskhand.mail.texts import text_of
from tests.cast import NOON, Cast
from tests.workspace.browsing import get, post

TEXT = "settings/texts/acknowledgement"
DEAD = "550 5.1.1 No such user"


def test_notices_and_quotes_are_chosen(cast: Cast) -> None:
    assert "We received your message" in get(cast.ada, "settings/texts").content.decode()
    answer = post(cast.ada, "settings/texts", {"announces_closing": "on", "quote": "last"})
    assert answer.status_code == 302
    now = MailSettings.current()
    assert (now.acknowledges, now.announces_closing, now.quote) == (False, True, "last")
    assert post(cast.ada, "settings/texts", {"quote": "everything"}).status_code == 422


def test_a_text_is_changed_and_set_back(cast: Cast) -> None:
    assert post(cast.ada, TEXT, {"subject": "Hi {name}", "body": "We have it."}).status_code == 302
    assert text_of(TextKind.ACKNOWLEDGEMENT).subject == "Hi {name}"
    assert "Changed" in get(cast.ada, "settings/texts").content.decode()
    assert "Replace the text" in get(cast.ada, f"{TEXT}/reset").content.decode()
    assert MailText.objects.exists(), "asking deletes nothing"
    assert post(cast.ada, f"{TEXT}/reset").status_code == 302
    assert not MailText.objects.exists()


def test_a_text_goes_only_after_asking_also_where_none_was_shipped(cast: Cast) -> None:
    assert post(cast.ada, f"{TEXT}?language=pl", {"subject": "S", "body": "B"}).status_code == 302
    assert f'<a class="btn btn-ghost btn-sm " href="/workspace/{TEXT}/reset?language=pl"' in " ".join(
        get(cast.ada, f"{TEXT}?language=pl").content.decode().split()
    )
    assert "Remove the text" in get(cast.ada, f"{TEXT}/reset?language=pl").content.decode()


@pytest.mark.parametrize("path", [TEXT, f"{TEXT}/test"])
def test_an_unknown_variable_is_refused_and_nothing_typed_is_lost(cast: Cast, path: str) -> None:
    answer = post(cast.ada, path, {"subject": "My subject", "body": "Dear {nobody}"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no variable {nobody}." in page
    assert "My subject" in page
    assert "Dear {nobody}" in page
    assert not MailText.objects.exists()
    assert not OutboundMail.objects.exists()


def said_under(page: str, field: str) -> str:
    """Return what is wrong with a field, as the page says it there."""
    found = re.search(rf'id="field-{field}-error">.*?<span>(.*?)</span>', page, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("path", [TEXT, f"{TEXT}/test"])
@pytest.mark.parametrize(
    ("subject", "body", "says", "says_below"),
    [
        ("Dear {nome}", "Hello", "There is no variable {nome}.", ""),
        ("Dear {nome}", "", "There is no variable {nome}.", "Write a text."),
        ("", "{nome} and {nada}", "Write a subject.", "There is no variable {nome} or {nada}."),
        ("x" * 201, "{nome}", "201 characters long; 200 fit.", "There is no variable {nome}."),
    ],
)
def test_all_that_is_wrong_is_said_at_once_where_it_is(
    cast: Cast, path: str, subject: str, body: str, says: str, says_below: str
) -> None:
    page = post(cast.ada, path, {"subject": subject, "body": body}).content.decode()
    own = {"acknowledging": "own", "acknowledgement_subject": subject, "acknowledgement_body": body}
    box = post(cast.ada, "settings/mailboxes/new", {"name": "", "address": "a@desk.example"} | own).content.decode()
    for under_subject, under_body in (
        (said_under(page, "subject"), said_under(page, "body")),
        (said_under(box, "acknowledgement_subject"), said_under(box, "acknowledgement_body")),
    ):
        assert says in under_subject
        assert under_body.startswith(says_below)
        assert bool(under_body) == bool(says_below)
    if path == TEXT and not subject.startswith("x"):
        preview = post(cast.ada, f"{TEXT}/preview", {"subject": subject, "body": body}).content.decode()
        assert f"Subject: {says}" in preview


def test_a_preview_shows_what_was_typed_and_keeps_nothing(cast: Cast) -> None:
    assert "Your message arrived and is now ticket #1042" in get(cast.ada, f"{TEXT}/preview").content.decode()
    answer = post(cast.ada, f"{TEXT}/preview", {"subject": "S", "body": "<b>{number}</b>"})
    assert "&lt;b&gt;1042&lt;/b&gt;" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not MailText.objects.exists()


def test_a_test_is_sent_to_oneself_with_the_text_typed(cast: Cast) -> None:
    answer = post(cast.ada, f"{TEXT}/test", {"subject": "Try {number}", "body": "Typed"})
    assert "A test is on its way to ada@desk.example" in answer.content.decode()
    mail = OutboundMail.objects.get()
    assert (mail.subject, mail.recipients_line) == ("[Test] Try 1042", "ada@desk.example")


def test_an_unknown_text_is_not_found(cast: Cast) -> None:
    assert get(cast.ada, "settings/texts/letter").status_code == 404
    assert get(cast.ada, f"{TEXT}?language=xx").status_code == 404


def test_undeliverable_addresses_are_listed_and_taken_off(cast: Cast) -> None:
    row = SuppressedAddress.objects.create(address="gone@acme.example", reason=DEAD, added_at=NOON)
    page = get(cast.ada, "settings/undeliverable?q=GONE").content.decode()
    assert "gone@acme.example" in page
    assert DEAD in page
    assert "No address matches" in get(cast.ada, "settings/undeliverable?q=other").content.decode()
    assert post(cast.ada, f"settings/undeliverable/{row.pk}/removal").status_code == 302
    assert not SuppressedAddress.objects.exists()


def settle(state: DeliveryState) -> Delivery:
    Delivery.objects.update(state=state, next_try_at=None, settled_at=NOON + timedelta(hours=1), server_answer="x")
    return Delivery.objects.get()


@pytest.mark.parametrize(
    ("state", "says"), [(DeliveryState.FAILED, "Send again"), (DeliveryState.UNCLEAR, "it may arrive twice")]
)
def test_a_failed_mail_is_sent_again_by_a_click(cast: Cast, state: DeliveryState, says: str) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    delivery = settle(state)
    assert says in get(cast.ben, f"tickets/{ticket.number}").content.decode()
    post(cast.ben, f"tickets/{ticket.number}/deliveries", {"delivery": delivery.pk})
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_mail_of_another_ticket_or_to_a_dead_address_is_not_sent_again(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    cast.staff_reply(ticket)
    delivery = settle(DeliveryState.FAILED)
    post(cast.ben, f"tickets/{other.number}/deliveries", {"delivery": delivery.pk})
    post(cast.ben, f"tickets/{ticket.number}/deliveries", {"delivery": "x"})
    SuppressedAddress.objects.create(address=delivery.address, reason=DEAD, added_at=NOON)
    answer = post(cast.ben, f"tickets/{ticket.number}/deliveries", {"delivery": delivery.pk}, part=True)
    assert answer.status_code == 422
    assert "came back for good" in answer.content.decode()
    assert Delivery.objects.get().state == DeliveryState.FAILED
