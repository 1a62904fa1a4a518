"""The settings of a mailbox at a provider: signing in by OAuth 2.0, and posts."""

from collections.abc import Iterator
from html import unescape
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client as Browser

from deskhand.core.secrets import unseal
from deskhand.mail.models import ImapAccount, Mailbox, MailboxSignIn, ProviderAccount
from tests.cast import NOON, Cast
from tests.mail.conftest import mailbox
from tests.mail.dovecot import running_dovecot
from tests.mail.oauth_provider import CLIENT_ID, CLIENT_SECRET, TokenProvider, token_provider
from tests.mail.provider_posts import SIGNING_KEY, TOPIC
from tests.workspace.browsing import browser_of, get
from tests.workspace.browsing import post as send

__all__ = ["mailbox"]
BACK = "/workspace/settings/mailbox-sign-in"


def text_of(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[TokenProvider]:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]
    with token_provider() as running:
        yield running


def own_provider(provider: TokenProvider) -> dict[str, str]:
    return {
        "provider": "other",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "authorize_url": provider.site.url("/agree"),
        "token_url": provider.token_url,
        "scope": "imap",
        "mail_host": "127.0.0.1",
    }


def sent_away(browser: Browser, box: Mailbox) -> dict[str, str]:
    """Begin to connect, and return what the provider is asked."""
    page = browser.post(f"/workspace/settings/mailboxes/{box.pk}/sign-in/start")
    link = next(part for part in text_of(page).split('"') if "code_challenge" in part)
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_microsofts_and_googles_addresses_are_known(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}/sign-in"
    fields = {"provider": "microsoft", "client_id": "id", "client_secret": "s", "tenant": "acme.example"}
    assert send(cast.ada, here, fields).status_code == 302
    sign_in = MailboxSignIn.objects.get()
    assert sign_in.token_url == "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token"
    page = text_of(get(cast.ada, here))
    assert 'value="acme.example"' in page
    assert "outlook.office365.com" in page
    assert f"{BACK}" in page
    assert "Not connected yet" in text_of(get(cast.ada, f"settings/mailboxes/{mailbox.pk}"))
    send(cast.ada, here, {"provider": "google", "client_id": "id", "client_secret": "t"})
    sign_in.refresh_from_db()
    assert (sign_in.token_url, sign_in.mail_host) == ("https://oauth2.googleapis.com/token", "imap.gmail.com")


def test_what_cannot_be_saved_comes_back_filled_and_secrets_never_do(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}/sign-in"
    page = send(cast.ada, here, {"provider": "other", "client_id": "id", "token_url": "ftp://x", "scope": "imap"})
    assert page.status_code == 422
    assert "Enter the address that gives tokens." in text_of(page)
    assert 'value="ftp://x"' in text_of(page)
    page = send(cast.ada, here, {"provider": "microsoft", "client_id": "id", "tenant": "a/../b"})
    assert "Enter the directory (tenant) ID" in text_of(page)
    assert not MailboxSignIn.objects.exists()
    left_over = {"tenant": "a/../b"}  # nobody sees that field with another provider
    send(cast.ada, here, {"provider": "google", "client_id": "id", "client_secret": "hidden-secret"} | left_over)
    assert MailboxSignIn.objects.exists()
    assert "hidden-secret" not in text_of(get(cast.ada, here))
    page = send(cast.ada, here, {"provider": "google", "client_id": "another"})
    assert "Enter the client secret again" in text_of(page)
    page = send(cast.ada, here, {"provider": "google", "client_secret": "hidden-secret"})
    assert 'name="client_secret" type="password" value=""' in text_of(page)
    assert ("hidden-secret" in text_of(page), "Type this secret again" in text_of(page)) == (False, True)


def test_a_mailbox_is_connected_and_read_by_token(cast: Cast, mailbox: Mailbox, provider: TokenProvider) -> None:
    here, browser = f"/workspace/settings/mailboxes/{mailbox.pk}", browser_of(cast.ada)
    browser.post(f"{here}/sign-in", own_provider(provider))
    asked = sent_away(browser, mailbox)
    provider.codes["code-1"] = asked["code_challenge"]
    query = {"code": "code-1", "state": asked["state"]}
    page = browser.get(BACK, query)
    assert "One more step keeps it" in text_of(page)
    assert not MailboxSignIn.objects.get().is_connected  # a GET changes nothing
    assert browser.post(BACK, query).status_code == 302
    assert MailboxSignIn.objects.get().is_connected
    with running_dovecot(asks=provider.introspection_url) as server:
        box = server.mailbox()
        provider.user = box.user
        fields = {
            "host": box.host,
            "port": box.port,
            "security": "none",
            "user": box.user,
            "sign_in": "oauth2",
            "folder": "INBOX",
            "existing": "unread",
            "after_fetch": "mark_seen",
        }
        assert "Signed in. INBOX holds 0 mails." in text_of(browser.post(f"{here}/imap/test", fields))
        elsewhere = text_of(browser.post(f"{here}/imap/test", fields | {"host": "localhost"}))
        assert "This sign-in is for 127.0.0.1." in elsewhere
    assert browser.post(f"{here}/imap", fields).status_code == 302
    assert ImapAccount.objects.get().sealed_password == ""
    assert "Connected" in text_of(browser.get(here))


def test_an_answer_counts_once_and_only_for_who_asked(cast: Cast, mailbox: Mailbox, provider: TokenProvider) -> None:
    here, browser = f"/workspace/settings/mailboxes/{mailbox.pk}", browser_of(cast.ada)
    browser.post(f"{here}/sign-in", own_provider(provider))
    asked = sent_away(browser, mailbox)
    provider.codes["code-1"] = asked["code_challenge"]
    query = {"code": "code-1", "state": asked["state"]}
    for state in ("", "another", "é"):
        page = browser.post(BACK, query | {"state": state})
        assert (page.status_code, "belongs to no question of yours" in text_of(page)) == (422, True)
    assert browser_of(cast.ada).post(BACK, query).status_code == 422  # another session
    assert provider.asked == []
    assert browser.post(BACK, query).status_code == 302
    assert browser.post(BACK, query).status_code == 422
    assert len(provider.asked) == 1


def test_a_refusal_is_shown_in_the_providers_words(cast: Cast, mailbox: Mailbox, provider: TokenProvider) -> None:
    browser = browser_of(cast.ada)
    browser.post(f"/workspace/settings/mailboxes/{mailbox.pk}/sign-in", own_provider(provider))
    asked = sent_away(browser, mailbox)
    words = {"error": "access_denied", "error_description": "AADSTS65004: <i>declined</i>", "state": asked["state"]}
    page = browser.get(BACK, words)
    assert "access_denied: AADSTS65004: &lt;i&gt;declined&lt;/i&gt;" in page.content.decode()
    page = browser.post(BACK, {"code": "made-up", "state": asked["state"]})
    assert "The provider said: <strong" in text_of(page)
    assert "invalid_grant: The code is over." in text_of(page)


@pytest.mark.parametrize("name", ["authorize_url", "token_url"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_secrets_go_to_no_address_without_tls(cast: Cast, mailbox: Mailbox, name: str, scheme: str) -> None:
    addresses = {"authorize_url": "https://id.example/agree", "token_url": "https://id.example/token"}
    fields = {"provider": "other", "client_id": "id", "scope": "imap", "mail_host": "imap.id.example"} | addresses
    here = f"settings/mailboxes/{mailbox.pk}/sign-in"
    page = send(cast.ada, here, fields | {name: f"{scheme}://login.example/"})
    assert (page.status_code, "It begins with https://." in text_of(page)) == (
        (422, True) if scheme == "http" else (302, False)
    )


@pytest.mark.parametrize(
    ("verb", "page"), [("imap/test", "imap"), ("sending/test", "sending"), ("sign-in/start", "sign-in")]
)
def test_an_address_that_only_takes_posts_leads_back_to_its_page(
    cast: Cast, mailbox: Mailbox, verb: str, page: str
) -> None:
    here = f"settings/mailboxes/{mailbox.pk}"
    assert get(cast.ada, f"{here}/{verb}")["Location"] == f"/workspace/{here}/{page}"
    text = "settings/texts/closed"
    assert get(cast.ada, f"{text}/test?language=de")["Location"] == f"/workspace/{text}?language=de"


def test_signing_in_is_ended(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}/sign-in"
    send(cast.ada, here, {"provider": "google", "client_id": "id", "client_secret": "s"})
    send(cast.ada, f"{here}/end")
    assert not MailboxSignIn.objects.exists()


@pytest.mark.parametrize(
    ("fields", "begins", "words"),
    [
        ({"provider": "postmark"}, "http://desk:", "Include raw email content"),
        ({"provider": "sendgrid"}, "http://desk:", "raw, full MIME message"),
        ({"provider": "mailgun", "signing_key": SIGNING_KEY}, "http://localhost", "It ends with /mime"),
        ({"provider": "ses", "topic": TOPIC}, "http://localhost", "encoding Base64"),
    ],
)
def test_a_provider_is_chosen_and_its_address_shown(
    cast: Cast, mailbox: Mailbox, fields: dict[str, str], begins: str, words: str
) -> None:
    here = f"settings/mailboxes/{mailbox.pk}/provider"
    assert send(cast.ada, here, fields | {"is_enabled": "on"}).status_code == 302
    page, account = text_of(get(cast.ada, here)), ProviderAccount.objects.get()
    assert f'value="{begins}' in page
    assert f"/mail/in/{fields['provider']}/{unseal(account.sealed_token)}" in page
    assert words in page
    assert SIGNING_KEY not in page
    assert "yet" in text_of(get(cast.ada, "settings/mailboxes"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"provider": "mailgun"}, "Enter the HTTP webhook signing key"),
        ({"provider": "ses", "topic": "mail-in"}, "Enter the topic's ARN"),
        ({"provider": "ses", "topic": TOPIC, "access_key_id": "AKIA1"}, "Enter the secret access key"),
        ({"provider": "ses", "topic": TOPIC, "access_secret": "s"}, "Enter the access key ID"),
        ({"provider": "sendgrid", "public_key": "MFkw"}, "Enter the public key as SendGrid shows it"),
        ({"provider": "pigeon"}, "Choose one from the list."),
    ],
)
def test_what_a_provider_needs_is_asked_for(cast: Cast, mailbox: Mailbox, fields: dict[str, str], words: str) -> None:
    page = send(cast.ada, f"settings/mailboxes/{mailbox.pk}/provider", fields)
    assert (page.status_code, words in text_of(page)) == (422, True)
    assert not ProviderAccount.objects.exists()


def test_a_providers_secrets_are_not_sent_back(cast: Cast, mailbox: Mailbox) -> None:
    secrets = {"signing_key": "canary-key", "access_secret": "canary-secret"}
    page = text_of(send(cast.ada, f"settings/mailboxes/{mailbox.pk}/provider", {"provider": "ses"} | secrets))
    assert ("canary" in page, page.count('type="password" value=""')) == (False, 2)


def test_a_new_address_and_the_end(cast: Cast, mailbox: Mailbox) -> None:
    here = f"settings/mailboxes/{mailbox.pk}/provider"
    send(cast.ada, here, {"provider": "postmark", "is_enabled": "on"})
    before = ProviderAccount.objects.get()
    assert send(cast.ada, f"{here}/address").status_code == 302
    assert ProviderAccount.objects.get().token_hash != before.token_hash
    ProviderAccount.objects.update(last_error="No <b>raw</b> mail.", last_error_at=NOON)
    for path in (here, "settings/mailboxes", f"settings/mailboxes/{mailbox.pk}"):
        assert "No &lt;b&gt;raw&lt;/b&gt; mail." in get(cast.ada, path).content.decode()
    ProviderAccount.objects.update(sealed_token="sealed with another key")
    assert "The address cannot be read any more" in text_of(get(cast.ada, here))
    send(cast.ada, f"{here}/end")
    assert not ProviderAccount.objects.exists()
