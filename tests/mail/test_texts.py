import re

import pytest

from deskhand.mail.actions.notices import send_test
from deskhand.mail.actions.texts import UnknownLanguage, change_mail_settings, reset_text, save_text
from deskhand.mail.models import MailText, OutboundMail, Quote, TextKind
from deskhand.mail.notices import Letter
from deskhand.mail.parsing import parse
from deskhand.mail.previews import example_of, preview
from deskhand.mail.replies import newest_reply
from deskhand.mail.replies_html import newest_reply_html
from deskhand.mail.shipped import SHIPPED, Text
from deskhand.mail.texts import NEEDED, VARIABLES, TextNotValid, checked_text, filled, text_of
from deskhand.mail.wire import bytes_of
from tests.cast import Cast, act_by

KIND = TextKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("subject", "body", "says"),
    [
        ("", "Hello", "Write a subject"),
        ("Hello", " \n", "Write a text"),
        ("", "", "Write a subject. Write a text."),
        ("{no} {such}", "{none}", "no variable {no} or {such}.* There is no variable {none}"),
        ("{ticket}", "Hello", "no variable {ticket}"),
        ("Hello", "{ Name }", "no variable {Name}"),
        ("x" * 201, "Hello", "201 characters long; 200 fit"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(subject: str, body: str, says: str) -> None:
    with pytest.raises(TextNotValid, match=says):
        checked_text(KIND, subject, body)


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (TextKind.RATING, "How was it? {good}", "needs {bad}"),
        (TextKind.SIGN_IN_LINK, "Hello {name}", "needs {address}"),
        (TextKind.SIGN_IN_LINK, "{address} {number}", "no variable {number}"),
        (TextKind.REPLY, "Ticket #{number}", "needs {message}"),
        (TextKind.REPLY, "He said {message}", "on a line of its own"),
        (TextKind.REPLY, "{message}\n\n{message}", "once"),
    ],
)
def test_a_text_without_what_it_is_for_is_refused(kind: TextKind, body: str, says: str) -> None:
    with pytest.raises(TextNotValid, match=says):
        checked_text(kind, "Subject", body)


def test_every_variable_is_filled_in_and_nothing_twice() -> None:
    text = Text("{subject}", " ".join(f"{{{name}}}" for name in VARIABLES[KIND]))
    values = {name: f"<{name}> {{number}}" for name in VARIABLES[KIND]}
    assert filled(text, values).subject == "<subject> {number}"
    assert filled(text, values).body.count("{number}") == len(VARIABLES[KIND])


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("See https://x.example/a?b=1&c='.", '<p>See <a href="https://x.example/a?b=1&amp;c=">'),
        ("(http://x.example/help).", '(<a href="http://x.example/help">http://x.example/help</a>).'),
        ("https://x.example", '<p><a href="https://x.example">https://x.example</a></p>'),
        ("https://x.example{subject}", "<p>https://x.example.evil.example</p>"),
        ("https://x.example/{number}", "<p>https://x.example/1042</p>"),
        ("It is about {name}.", "<p>It is about http://evil.example.</p>"),
        ("javascript://x.example", "<p>javascript://x.example</p>"),
    ],
)
def test_web_addresses_in_a_text_are_links_and_none_that_was_filled_in(db: None, line: str, shown: str) -> None:
    values = {"subject": ".evil.example", "name": "http://evil.example", "number": "1042"}
    letter = Letter(kind=KIND, text=Text("S", line), language="en", values=values)
    html = re.sub(r' style="[^"]*"', "", preview(letter)[2])
    assert shown in html


@pytest.mark.parametrize("language", SHIPPED)
@pytest.mark.parametrize("kind", TextKind)
def test_what_ships_is_valid_and_can_be_shown(db: None, kind: TextKind, language: str) -> None:
    text = SHIPPED[language].texts[kind]
    assert checked_text(kind, text.subject, text.body) == text
    subject, plain, html = preview(example_of(kind, text, language))
    for shown in (subject, plain, html):
        assert shown
        assert "{" + next(iter(VARIABLES[kind])) not in shown
        assert not any(f"{{{name}}}" in shown for name in VARIABLES[kind])
    assert 'href="' in html
    assert f'lang="{language}"' in html


@pytest.mark.parametrize("language", SHIPPED)
def test_no_language_ships_a_text_of_another(language: str) -> None:
    others = [SHIPPED[code] for code in SHIPPED if code != language]
    for kind in TextKind:
        body = SHIPPED[language].texts[kind].body
        assert body not in [other.texts[kind].body for other in others]
    assert SHIPPED[language].fixed_acknowledgement not in [other.fixed_acknowledgement for other in others]


def test_the_fixed_text_names_nothing_a_stranger_wrote() -> None:
    for language in SHIPPED.values():
        text = language.fixed_acknowledgement
        assert not any(word in text.subject + text.body for word in ("{name}", "{subject}", "{address}"))


def test_what_a_text_needs_it_may_name() -> None:
    assert all(names <= set(VARIABLES[kind]) for kind, names in NEEDED.items())


def test_a_text_is_kept_and_set_back(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    shipped = SHIPPED["en"].texts[KIND]
    save_text(kind=KIND, language="en", subject="Hi {name}", body="There", act=act)
    assert text_of(KIND).subject == "Hi {name}"
    assert text_of(KIND, "de") == SHIPPED["de"].texts[KIND]
    reset_text(kind=KIND, language="en", act=act)
    assert text_of(KIND) == shipped
    save_text(kind=KIND, language="en", subject=shipped.subject, body=shipped.body, act=act)
    assert not MailText.objects.exists()


def test_a_language_without_a_text_falls_back_to_the_desks(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    assert text_of(KIND, "sv") == SHIPPED["en"].texts[KIND]
    change_mail_settings(acknowledges=True, announces_closing=False, quote=Quote.NONE, language="fr", act=act)
    assert text_of(KIND, "sv") == SHIPPED["fr"].texts[KIND]
    save_text(kind=KIND, language="sv", subject="Tack {name}", body="Vi svarar snart.", act=act)
    assert text_of(KIND, "sv").subject == "Tack {name}"
    assert text_of(KIND, "pl") == SHIPPED["fr"].texts[KIND]
    with pytest.raises(UnknownLanguage):
        change_mail_settings(acknowledges=True, announces_closing=False, quote=Quote.NONE, language="xx", act=act)


def test_a_test_goes_to_the_agent_alone(cast: Cast) -> None:
    for kind in TextKind:
        letter = example_of(kind, SHIPPED["de"].texts[kind], "de")
        mail = send_test(letter=letter, person=cast.ada.user, act=act_by(cast.ada.user))
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
