"""The settings of a mailbox that sends by a server of its own."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings

from deskhand.core.secrets import unseal
from deskhand.mail.actions.smtp_accounts import note_answer
from deskhand.mail.models import Delivery, Mailbox, MailboxSignIn, OutboundMail, SmtpAccount
from deskhand.mail.smtp import Answer, Blame, Result
from tests.cast import NOON, Cast
from tests.mail.conftest import mailbox
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import Guarded, guarded_server
from tests.workspace.browsing import get
from tests.workspace.browsing import post as send

__all__ = ["mailbox"]

SMTP: dict[str, Any] = {
    "host": "smtp.example.com",
    "security": "starttls",
    "port": 587,
    "sign_in": "password",
    "user": "support@desk.example",
    "password": "correct-horse",
    "return_path": "mailbox",
}
OWN_PROVIDER = {
    "provider": "other",
    "client_id": "id",
    "client_secret": "s",
    "authorize_url": "https://id.example/agree",
    "token_url": "https://id.example/token",
    "scope": "mail",
    "mail_host": "imap.id.example",
}


def text_of(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def here(box: Mailbox, verb: str = "") -> str:
    return f"settings/mailboxes/{box.pk}/sending{verb}"


def test_a_server_is_set_up_and_its_password_never_shown(cast: Cast, mailbox: Mailbox) -> None:
    assert 'value="support@desk.example"' in text_of(get(cast.ada, here(mailbox)))
    assert send(cast.ada, here(mailbox), SMTP).status_code == 302
    account = SmtpAccount.objects.get()
    assert (account.host, unseal(account.sealed_password)) == ("smtp.example.com", "correct-horse")
    for path in (here(mailbox), f"settings/mailboxes/{mailbox.pk}"):
        page = text_of(get(cast.ada, path))
        assert "smtp.example.com" in page
        assert "correct-horse" not in page
        assert account.sealed_password not in page
    send(cast.ada, here(mailbox), SMTP | {"password": "", "port": 2587})
    account.refresh_from_db()
    assert (account.port, unseal(account.sealed_password)) == (2587, "correct-horse")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"host": ""}, "Enter the server's name, such as smtp.example.com."),
        ({"host": "https://smtp.example.com/"}, "Enter the server's name alone"),
        ({"port": ""}, "Enter the port: 587 for STARTTLS"),
        ({"port": "many"}, "Enter a number: 587 for STARTTLS"),
        ({"port": 70000}, "Enter a port between 1 and 65535."),
        ({"security": "rot13"}, "Choose one from the list."),
        ({"security": "none"}, "Choose STARTTLS or TLS"),
        ({"sign_in": "smile"}, "Choose one from the list."),
        ({"user": ""}, "Enter the user name"),
        ({"user": "", "sign_in": "oauth2"}, "Enter the user name"),
        ({"password": ""}, "Enter the password."),
        ({"password": "x" * 1001}, "1,000 fit."),
        ({"return_path": "moon"}, "Choose one from the list."),
    ],
)
@pytest.mark.parametrize("verb", ["", "/test"])
def test_what_cannot_be_used_comes_back_filled_with_the_reason(
    cast: Cast, mailbox: Mailbox, verb: str, changed: dict[str, Any], words: str
) -> None:
    page = send(cast.ada, here(mailbox, verb), SMTP | {"port": 2587} | changed)
    assert (page.status_code, words in text_of(page)) == (422, True)
    assert "correct-horse" not in text_of(page)
    assert ("Type this secret again" in text_of(page)) == ("password" not in changed)
    assert " autofocus" in text_of(page), "the reason is shown wherever on the page it stands"
    for name, value in (SMTP | {"port": 2587} | changed).items():
        if name in {"host", "port", "user"}:
            assert f'value="{value}"' in text_of(page) or not value
    assert not SmtpAccount.objects.exists()


@pytest.mark.parametrize("verb", ["", "/test"])
def test_the_stored_password_goes_to_no_other_server(cast: Cast, mailbox: Mailbox, verb: str) -> None:
    send(cast.ada, here(mailbox), SMTP)
    page = send(cast.ada, here(mailbox, verb), SMTP | {"password": "", "host": "smtp.evil.example"})
    assert (page.status_code, "Enter the password." in text_of(page)) == (422, True)


def test_the_test_button_really_signs_in_and_saves_nothing(cast: Cast, mailbox: Mailbox) -> None:
    inbox = Guarded(passwords={"support@desk.example": "correct-horse"}, senders=frozenset({mailbox.address}))
    with guarded_server(inbox) as server:
        fields = SMTP | {"host": server.host, "port": server.port, "security": "none"}
        page = text_of(send(cast.ada, here(mailbox, "/test"), fields))
        assert "The server said: 235 2.7.0 Authentication successful" in page
        page = text_of(send(cast.ada, here(mailbox, "/test"), fields | {"password": "wrong"}))
        assert f'The test failed: <strong class="[overflow-wrap:anywhere]">{inbox.refusal}' in page
        page = text_of(send(cast.ada, here(mailbox, "/test"), fields | {"return_path": "desk"}))
        assert "550 5.7.60 Client does not have permissions" in page
        assert f'value="{server.port}"' in page
        assert 'type="password" value="correct-horse"' in page, "what was tried is what is saved"
        assert "Send by the desk" not in page
    assert (inbox.mails, SmtpAccount.objects.exists()) == ([], False)


def test_shows_how_sending_goes_in_the_servers_words(cast: Cast, mailbox: Mailbox) -> None:
    pages = ("settings/mailboxes", f"settings/mailboxes/{mailbox.pk}")
    send(cast.ada, here(mailbox), SMTP)
    account = SmtpAccount.objects.get()
    assert "Nothing sent yet" in text_of(get(cast.ada, pages[0]))
    note_answer(account, Answer(Result.SENT, "250 Queued"), at=NOON)
    assert "Sent</span>" in text_of(get(cast.ada, pages[0]))
    note_answer(account, Answer(Result.DEFERRED, "535 <b>No</b>", Blame.SIGN_IN), at=NOON)
    for page in pages:
        assert "535 &lt;b&gt;No&lt;/b&gt;" in get(cast.ada, page).content.decode()
    assert "Next try" in text_of(get(cast.ada, pages[1]))


def test_sending_by_it_is_ended(cast: Cast, mailbox: Mailbox) -> None:
    send(cast.ada, here(mailbox), SMTP)
    assert send(cast.ada, here(mailbox, "/end")).status_code == 302
    assert not SmtpAccount.objects.exists()
    assert f"Mail from {mailbox.address} goes out by the desk" in text_of(
        get(cast.ada, f"settings/mailboxes/{mailbox.pk}")
    )


def test_a_test_mail_leaves_by_the_mailboxs_server(cast: Cast, mailbox: Mailbox, settings: LazySettings) -> None:
    settings.MAIL_DELIVERY = "smtp"
    inbox = Guarded(passwords={"support@desk.example": "correct-horse"}, senders=frozenset({mailbox.address}))
    Mailbox.objects.update(
        acknowledging="own", acknowledgement_subject="Got #{number}", acknowledgement_body="Hello {name}."
    )
    with guarded_server(inbox) as server:
        send(cast.ada, here(mailbox), SMTP | {"host": server.host, "port": server.port, "security": "none"})
        send(cast.ada, here(mailbox, "/mail"))
        work_off(OutboundMail.objects.get().created_at + timedelta(minutes=1))
    assert (Delivery.objects.get().state, inbox.mails[0].recipients) == ("sent", [cast.ada.user.email])
    assert b"Subject: [Test] Sending from support@desk.example" in inbox.mails[0].raw
    assert "1042" not in OutboundMail.objects.get().text
    assert b"support@desk.example" in inbox.mails[0].raw


def test_a_sign_in_may_be_for_sending_too(cast: Cast, mailbox: Mailbox) -> None:
    page = f"settings/mailboxes/{mailbox.pk}/sign-in"
    send(cast.ada, page, {"provider": "microsoft", "client_id": "id", "client_secret": "s"})
    assert MailboxSignIn.objects.get().smtp_host == ""
    send(cast.ada, page, {"provider": "microsoft", "client_id": "id", "can_send": "on"})
    kept = MailboxSignIn.objects.get()
    assert (kept.smtp_host, "SMTP.Send" in kept.scope) == ("smtp.office365.com", True)
    assert "the one to send by smtp.office365.com" in text_of(get(cast.ada, page))
    form = text_of(get(cast.ada, here(mailbox)))
    assert ('value="smtp.office365.com"' in form, '<option value="oauth2" selected>' in form) == (True, True)
    send(cast.ada, page, {"provider": "google", "client_id": "id", "client_secret": "s", "can_send": "on"})
    assert MailboxSignIn.objects.get().smtp_host == "smtp.gmail.com"


def test_another_provider_is_asked_for_its_smtp_server_where_it_is_to_send(cast: Cast, mailbox: Mailbox) -> None:
    page = f"settings/mailboxes/{mailbox.pk}/sign-in"
    answer = send(cast.ada, page, OWN_PROVIDER | {"can_send": "on"})
    assert (answer.status_code, "Enter the name of the SMTP server." in text_of(answer)) == (422, True)
    assert send(cast.ada, page, OWN_PROVIDER | {"smtp_host": "smtp.id.example"}).status_code == 302
    assert MailboxSignIn.objects.get().smtp_host == ""
    send(cast.ada, page, OWN_PROVIDER | {"can_send": "on", "smtp_host": "SMTP.id.example"})
    assert MailboxSignIn.objects.get().smtp_host == "smtp.id.example"
