"""The settings of a mailbox that is read by IMAP."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from deskhand.core.secrets import unseal
from deskhand.mail.actions.fetching import note_success, note_trouble
from deskhand.mail.models import ImapAccount, Mailbox
from tests.cast import NOON, Cast
from tests.mail.conftest import mailbox
from tests.mail.dovecot import Dovecot, running_dovecot
from tests.workspace.browsing import get
from tests.workspace.browsing import post as send

__all__ = ["mailbox"]

IMAP: dict[str, Any] = {
    "host": "imap.example.com",
    "port": 993,
    "security": "tls",
    "sign_in": "password",
    "user": "support",
    "password": "correct-horse",
    "folder": "INBOX",
    "existing": "unread",
    "after_fetch": "mark_seen",
    "is_enabled": "on",
}


def text_of(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as running:
        yield running


def test_imap_is_set_up_and_its_password_never_shown(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}"
    assert send(cast.ada, f"{here}/imap", IMAP).status_code == 302
    account = ImapAccount.objects.get()
    assert (account.host, unseal(account.sealed_password)) == ("imap.example.com", "correct-horse")
    for path in (here, f"{here}/imap"):
        page = text_of(get(cast.ada, path))
        assert "imap.example.com" in page
        assert "correct-horse" not in page
        assert account.sealed_password not in page
    send(cast.ada, f"{here}/imap", IMAP | {"password": "", "folder": "Support"})
    account.refresh_from_db()
    assert (account.folder, unseal(account.sealed_password)) == ("Support", "correct-horse")


@pytest.mark.parametrize("path", ["imap", "imap/test"])
def test_the_stored_password_goes_to_no_other_server(cast: Cast, mailbox: Mailbox, path: str) -> None:
    here = f"settings/mailboxes/{mailbox.pk}"
    send(cast.ada, f"{here}/imap", IMAP)
    page = send(cast.ada, f"{here}/{path}", IMAP | {"password": "", "host": "127.0.0.1"})
    assert page.status_code == 422
    assert "Enter the password." in text_of(page)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"host": ""}, "Enter the server's name, such as imap.example.com."),
        ({"host": "imaps://imap.example.com/"}, "Enter the server's name alone"),
        ({"port": ""}, "Enter the port: 993 for TLS"),
        ({"port": "many"}, "Enter a number: 993 for TLS"),
        ({"port": 0}, "Enter a port between 1 and 65535."),
        ({"security": "rot13"}, "Choose one from the list."),
        ({"security": "none"}, "Choose STARTTLS or TLS"),
        ({"sign_in": "none"}, "Choose one from the list."),
        ({"user": ""}, "Enter the user name"),
        ({"password": ""}, "Enter the password."),
        ({"password": "x" * 1001}, "1,000 fit."),
        ({"folder": ""}, "Enter the folder, usually INBOX."),
        ({"after_fetch": "move"}, "Enter the folder that fetched mail is moved to."),
        ({"after_fetch": "move", "move_to": "INBOX"}, "Enter another folder than the one that is read."),
    ],
)
@pytest.mark.parametrize("path", ["imap", "imap/test"])
def test_what_cannot_be_used_comes_back_filled_with_the_reason(
    cast: Cast, mailbox: Mailbox, path: str, changed: dict[str, Any], words: str
) -> None:
    page = send(cast.ada, f"settings/mailboxes/{mailbox.pk}/{path}", IMAP | {"port": 2993} | changed)
    assert (page.status_code, words in text_of(page)) == (422, True)
    for name, value in (IMAP | {"port": 2993} | changed).items():
        if name in {"host", "port", "user"}:
            assert f'value="{value}"' in text_of(page) or not value
    assert not ImapAccount.objects.exists()


def test_shows_how_reading_goes_in_the_servers_words(cast: Cast, mailbox: Mailbox) -> None:
    send(cast.ada, f"settings/mailboxes/{mailbox.pk}/imap", IMAP)
    account = ImapAccount.objects.get()
    assert "Not fetched yet" in text_of(get(cast.ada, "settings/mailboxes"))
    note_success(account.pk, at=NOON)
    assert "Fetched" in text_of(get(cast.ada, "settings/mailboxes"))
    note_trouble(account.pk, "[ALERT] <b>Full</b>", at=NOON)
    for path in ("settings/mailboxes", f"settings/mailboxes/{mailbox.pk}"):
        assert "[ALERT] &lt;b&gt;Full&lt;/b&gt;" in get(cast.ada, path).content.decode()


def test_the_test_button_really_connects_and_saves_nothing(cast: Cast, mailbox: Mailbox, server: Dovecot) -> None:
    box = server.mailbox()
    here = f"settings/mailboxes/{mailbox.pk}/imap/test"
    fields = IMAP | {"host": box.host, "port": box.port, "security": "none", "user": box.user}
    assert "Signed in. INBOX holds 0 mails." in text_of(send(cast.ada, here, fields))
    page = text_of(send(cast.ada, here, fields | {"password": "wrong"}))
    assert "[AUTHENTICATIONFAILED] Authentication failed." in page
    assert f'value="{box.user}"' in page
    assert "End fetching" not in page
    assert not ImapAccount.objects.exists()


def test_what_a_sign_in_is_for_stands_in_the_form_at_first(cast: Cast, mailbox: Mailbox) -> None:
    fields = {"provider": "microsoft", "client_id": "id", "client_secret": "s"}
    send(cast.ada, f"settings/mailboxes/{mailbox.pk}/sign-in", fields)
    form = text_of(get(cast.ada, f"settings/mailboxes/{mailbox.pk}/imap"))
    assert ('value="outlook.office365.com"' in form, '<option value="oauth2" selected>' in form) == (True, True)


def test_fetching_is_ended(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}"
    send(cast.ada, f"{here}/imap", IMAP)
    assert "End fetching" in text_of(get(cast.ada, f"{here}/imap"))
    assert send(cast.ada, f"{here}/imap/end").status_code == 302
    assert not ImapAccount.objects.exists()
    assert "Set up fetching" in text_of(get(cast.ada, here))
