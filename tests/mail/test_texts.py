import pytest

from deskhand.mail.actions.notices import send_test
from deskhand.mail.actions.texts import change_mail_settings, reset_text, save_text
from deskhand.mail.models import MailText, OutboundMail, Quote, TextKind
from deskhand.mail.notices import preview
from deskhand.mail.parsing import parse
from deskhand.mail.replies import newest_reply
from deskhand.mail.replies_html import newest_reply_html
from deskhand.mail.texts import SHIPPED, VARIABLES, TextNotValid, checked_text, filled, text_of
from deskhand.mail.wire import bytes_of
from tests.cast import Cast, act_by

KIND = TextKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("subject", "body", "says"),
    [
        ("", "Hello", "Write a subject"),
        ("Hello", " \n", "Write a subject"),
        ("{ticket}", "Hello", "no variable {ticket}"),
        ("Hello", "{ Name }", "no variable {Name}"),
        ("x" * 201, "Hello", "200 characters"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(subject: str, body: str, says: str) -> None:
    with pytest.raises(TextNotValid, match=says):
        checked_text(subject, body)


def test_every_variable_is_filled_in_and_nothing_twice() -> None:
    text = checked_text("{subject}", " ".join(f"{{{name}}}" for name in VARIABLES))
    values = {name: f"<{name}> {{number}}" for name in VARIABLES}
    assert filled(text, values).subject == "<subject> {number}"
    assert filled(text, values).body.count("{number}") == len(VARIABLES)


@pytest.mark.parametrize("kind", TextKind)
def test_what_ships_is_valid_and_can_be_shown(db: None, kind: TextKind) -> None:
    assert checked_text(SHIPPED[kind].subject, SHIPPED[kind].body) == SHIPPED[kind]
    subject, html = preview(SHIPPED[kind])
    assert "1042" in subject
    assert 'href="' in html


def test_a_text_is_kept_and_set_back(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    save_text(kind=KIND, subject="Hi {name}", body="There", act=act)
    assert text_of(KIND).subject == "Hi {name}"
    reset_text(kind=KIND, act=act)
    assert text_of(KIND) == SHIPPED[KIND]
    save_text(kind=KIND, subject=SHIPPED[KIND].subject, body=SHIPPED[KIND].body, act=act)
    assert not MailText.objects.exists()


def test_a_test_goes_to_the_agent_alone(cast: Cast) -> None:
    mail = send_test(text=SHIPPED[KIND], person=cast.ada.user, act=act_by(cast.ada.user))
    assert mail.recipients_line == "ada@desk.example"
    assert [one.address for one in mail.deliveries.all()] == ["ada@desk.example"]


@pytest.mark.parametrize(
    ("quote", "wanted", "missing"),
    [
        (Quote.NONE, [], ["It spins.", "First answer."]),
        (Quote.LAST, ["First answer."], ["It spins."]),
        (Quote.ALL, ["It spins.", "First answer."], []),
    ],
)
def test_a_reply_quotes_what_the_setting_says_and_no_internal_word(
    cast: Cast, quote: Quote, wanted: list[str], missing: list[str]
) -> None:
    change_mail_settings(acknowledges=True, announces_closing=False, quote=quote, act=act_by(cast.ada.user))
    ticket = cast.ticket()
    cast.staff_reply(ticket, "First answer.")
    cast.team_message(ticket, "canary among us")
    cast.staff_reply(ticket, "Second answer.")
    parsed = parse(bytes_of(OutboundMail.objects.order_by("-pk")[0]))
    for body in (parsed.text, parsed.html):
        assert "Second answer." in body
        assert "canary" not in body
        assert all(word in body for word in wanted)
        assert not any(word in body for word in missing)
    for newest in (newest_reply(parsed.text), newest_reply_html(parsed.html)):
        assert "Second answer." in newest
        assert not any(word in newest for word in wanted)
