"""Signing in by OAuth 2.0: tokens of a real provider, and a real Dovecot that lets in by them alone."""

import dataclasses
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection

from deskhand.core.secrets import SecretUnreadable, seal, unseal
from deskhand.events.models import Event
from deskhand.mail.actions.imap_accounts import ImapFields, set_imap
from deskhand.mail.actions.servers import PasswordMissing
from deskhand.mail.actions.sign_in import (
    ClientSecretMissing,
    NotConnected,
    SignInFields,
    access_token_for,
    connect,
    disconnect,
    drop_access_token,
    set_sign_in,
)
from deskhand.mail.fetching import login_of, read_folder
from deskhand.mail.imap import ImapTrouble, SignInRefused, check, opened
from deskhand.mail.models import ImapAccount, InboundMail, Mailbox, MailboxSignIn, SignIn, SignInProvider
from deskhand.mail.oauth import Endpoints, OAuthTrouble, address_to_agree, endpoints_of
from deskhand.mail.watching import Reader
from tests.cast import NOON, Cast, act_by
from tests.core.web_servers import Said
from tests.mail import dovecot
from tests.mail.oauth_provider import CLIENT_ID, CLIENT_SECRET, TokenProvider, token_provider
from tests.mail.post_office import mail

pytestmark = pytest.mark.django_db
HOST = "127.0.0.1"
HOUR = timedelta(hours=1)
VERIFIER = "v" * 64


@pytest.fixture(autouse=True)
def this_machine_is_allowed(settings: LazySettings) -> None:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]


@pytest.fixture
def provider() -> Iterator[TokenProvider]:
    with token_provider() as running:
        yield running


def fields_of(provider: TokenProvider, **changes: str) -> SignInFields:
    endpoints = Endpoints(provider.site.url("/agree"), provider.token_url, "imap", HOST)
    given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | changes
    return SignInFields(provider=SignInProvider.OTHER, endpoints=endpoints, **given)


def agreement(provider: TokenProvider, endpoints: Endpoints) -> str:
    """Return the code a person brings back, for the address they were sent to."""
    address = address_to_agree(
        endpoints, client_id=CLIENT_ID, redirect_uri="https://d/", state="s", verifier=VERIFIER, user="support"
    )
    provider.codes["code"] = parse_qs(urlsplit(address).query)["code_challenge"][0]
    return "code"


@pytest.fixture
def connected(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> Mailbox:
    """Return a mailbox that a person connected."""
    act = act_by(cast.ada.user)
    fields = fields_of(provider)
    set_sign_in(mailbox_id=mailbox.pk, fields=fields, act=act)
    code = agreement(provider, fields.endpoints)
    connect(mailbox_id=mailbox.pk, code=code, redirect_uri="https://d/", verifier=VERIFIER, act=act)
    return mailbox


def token(box: Mailbox, *, host: str = HOST, after: timedelta = timedelta(0)) -> str:
    return access_token_for(box.pk, host=host, now=NOON + after)


def kept() -> MailboxSignIn:
    return MailboxSignIn.objects.get()


def test_the_address_to_agree_at_carries_what_the_provider_needs() -> None:
    endpoints = endpoints_of(SignInProvider.MICROSOFT, tenant="acme.example")
    assert endpoints is not None
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # the example of RFC 7636, appendix B
    address = address_to_agree(
        endpoints, client_id="id", redirect_uri="https://d/back", state="s&s", verifier=verifier, user="a@b.example"
    )
    assert address.startswith("https://login.microsoftonline.com/acme.example/oauth2/v2.0/authorize?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (query["state"], query["redirect_uri"], query["login_hint"]) == ("s&s", "https://d/back", "a@b.example")
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert query["code_challenge"] == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert "offline_access" in query["scope"]


def test_an_agreement_brings_tokens_that_are_stored_only_encrypted(connected: Mailbox, provider: TokenProvider) -> None:
    sign_in = kept()
    assert (sign_in.is_connected, sign_in.connected_at) == (True, NOON)
    stored = str(MailboxSignIn.objects.values().get()) + str([event.data for event in Event.objects.all()])
    for secret in ("access-1", "refresh-1", CLIENT_SECRET):
        assert secret not in stored
    assert unseal(sign_in.sealed_refresh_token) == "refresh-1"
    assert provider.asked[0]["redirect_uri"] == "https://d/"


def test_a_token_is_used_until_shortly_before_it_ends(connected: Mailbox, provider: TokenProvider) -> None:
    assert token(connected) == "access-1"
    assert token(connected, after=timedelta(minutes=57)) == "access-1"
    assert len(provider.asked) == 1
    assert token(connected, after=timedelta(minutes=59)) == "access-2"
    assert provider.asked[1]["grant_type"] == "refresh_token"


def test_a_new_refresh_token_takes_the_place_of_the_old_one(connected: Mailbox, provider: TokenProvider) -> None:
    provider.rotates = True
    for hours in (1, 2, 3):
        token(connected, after=hours * HOUR)
    assert unseal(kept().sealed_refresh_token) == provider.refresh_token == "refresh-5"


@pytest.mark.django_db(transaction=True)
def test_several_at_once_ask_once(connected: Mailbox, provider: TokenProvider) -> None:
    got: list[str] = []

    def ask() -> None:
        got.append(token(connected, after=2 * HOUR))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (got, len(provider.asked)) == (["access-2"] * 6, 2)


def test_a_refusal_is_kept_in_the_providers_words_until_the_next_success(
    connected: Mailbox, provider: TokenProvider
) -> None:
    provider.refresh_token = "revoked"
    with pytest.raises(OAuthTrouble, match="AADSTS700082: The refresh token is over"):
        token(connected, after=2 * HOUR)
    assert kept().last_error == "invalid_grant: AADSTS700082: The refresh token is over."
    provider.refresh_token = "refresh-1"
    assert token(connected, after=3 * HOUR) == "access-2"
    assert kept().last_error == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(b"<html>", 502), "answered 502 with something that is no JSON"),
        (Said(b"{}", 200), "no token that can be used"),
        (Said(b"[]", 200), "answered 200 without a word"),
        (Said(b'{"error": {"code": 403, "message": "Blocked"}}', 403), "403: Blocked"),
        (Said(b'{"access_token": "a\\u0001auth=x", "expires_in": 9}', 200), "no token that can be used"),
        (Said(b'{"access_token": "a b"}', 200), "no token that can be used"),
        (Said(b'{"access_token": "a", "token_type": "mac"}', 200), "mail servers do not know"),
        (Said(b'{"access_token": "a", "refresh_token": 5}', 200), "no token that can be used"),
        (Said(status=302, headers={"Location": "http://10.0.0.1/"}), "no JSON"),
    ],
)
def test_an_answer_that_is_no_token_is_told_as_trouble(
    connected: Mailbox, provider: TokenProvider, said: Said, words: str
) -> None:
    provider.answers = [said]
    with pytest.raises(OAuthTrouble, match=words):
        token(connected, after=2 * HOUR)
    assert unseal(kept().sealed_refresh_token) == "refresh-1"


@pytest.mark.parametrize("expires_in", [None, "soon", -5, 1e300, "Infinity", [1]])
def test_odd_ends_of_a_token_do_no_harm(connected: Mailbox, provider: TokenProvider, expires_in: object) -> None:
    provider.expires_in = expires_in
    assert token(connected, after=2 * HOUR) == "access-2"
    assert token(connected, after=timedelta(days=2)) == "access-3"


def test_a_token_endpoint_within_our_network_is_not_asked(
    connected: Mailbox, provider: TokenProvider, settings: LazySettings
) -> None:
    settings.HTTP_ALLOW = []
    with pytest.raises(OAuthTrouble, match="not on the public internet"):
        token(connected, after=2 * HOUR)
    assert len(provider.asked) == 1


def test_tokens_are_shown_to_the_server_they_are_for_alone(connected: Mailbox) -> None:
    with pytest.raises(OAuthTrouble, match="This sign-in is for 127"):
        token(connected, host="imap.evil.example")


def test_what_changes_who_is_asked_ends_the_connection(connected: Mailbox, provider: TokenProvider, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    fields = fields_of(provider)
    set_sign_in(mailbox_id=connected.pk, fields=dataclasses.replace(fields, client_secret=""), act=act)
    assert kept().is_connected
    moved = dataclasses.replace(fields.endpoints, mail_host="imap.evil.example")
    with pytest.raises(ClientSecretMissing):
        set_sign_in(
            mailbox_id=connected.pk, fields=dataclasses.replace(fields, endpoints=moved, client_secret=""), act=act
        )
    assert kept().is_connected
    set_sign_in(mailbox_id=connected.pk, fields=dataclasses.replace(fields, endpoints=moved), act=act)
    assert not kept().is_connected
    with pytest.raises(NotConnected):
        token(connected, host="imap.evil.example")


def test_a_code_counts_once_and_only_with_its_verifier(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    act, fields = act_by(cast.ada.user), fields_of(provider)
    set_sign_in(mailbox_id=mailbox.pk, fields=fields, act=act)
    code = agreement(provider, fields.endpoints)
    with pytest.raises(OAuthTrouble, match="The code is over"):
        connect(mailbox_id=mailbox.pk, code=code, redirect_uri="https://d/", verifier="another", act=act)
    assert not kept().is_connected


def test_an_agreement_without_a_lasting_token_is_refused(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    act, fields = act_by(cast.ada.user), fields_of(provider)
    set_sign_in(mailbox_id=mailbox.pk, fields=fields, act=act)
    provider.answers = [Said(b'{"access_token": "short"}')]
    with pytest.raises(OAuthTrouble, match="no refresh token"):
        connect(mailbox_id=mailbox.pk, code="code", redirect_uri="https://d/", verifier=VERIFIER, act=act)
    assert not kept().is_connected


def test_disconnecting_forgets_everything(connected: Mailbox, cast: Cast) -> None:
    disconnect(mailbox_id=connected.pk, act=act_by(cast.ada.user))
    assert not MailboxSignIn.objects.exists()
    with pytest.raises(NotConnected):
        token(connected)


def test_a_secret_sealed_with_another_key_is_told(connected: Mailbox) -> None:
    MailboxSignIn.objects.update(sealed_access_token="not sealed here")
    with pytest.raises(SecretUnreadable):
        token(connected)


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def tokens_and_dovecot(request: pytest.FixtureRequest) -> Iterator[tuple[TokenProvider, dovecot.Dovecot]]:
    with (
        token_provider() as running,
        dovecot.running_dovecot(asks=running.introspection_url, mechanisms=request.param) as server,
    ):
        yield running, server


def imap_account(box: dovecot.Mailbox, mailbox: Mailbox, provider: TokenProvider, refresh_token: str) -> ImapAccount:
    MailboxSignIn.objects.create(
        mailbox=mailbox,
        provider=SignInProvider.OTHER,
        client_id=CLIENT_ID,
        sealed_client_secret=seal(CLIENT_SECRET),
        token_url=provider.token_url,
        mail_host=box.host,
        sealed_refresh_token=seal(refresh_token),
        connected_at=NOON,
    )
    return ImapAccount.objects.create(
        mailbox=mailbox,
        host=box.host,
        port=box.port,
        security="none",
        user=box.user,
        sign_in=SignIn.OAUTH2,
        changed_at=NOON,
    )


def test_dovecot_lets_in_by_token(mailbox: Mailbox, tokens_and_dovecot: tuple[TokenProvider, dovecot.Dovecot]) -> None:
    provider, server = tokens_and_dovecot
    box = server.mailbox()
    provider.user = box.user
    box.put(mail(subject="By token"))
    account = imap_account(box, mailbox, provider, provider.refresh_token)
    with opened(login_of(account, now=NOON)) as folder:
        read_folder(account, folder, clock=lambda: NOON, is_stopping=lambda: False)
    assert InboundMail.objects.get().subject == "By token"


def test_dovecots_no_is_told_and_the_next_try_asks_for_another_token(
    mailbox: Mailbox, tokens_and_dovecot: tuple[TokenProvider, dovecot.Dovecot]
) -> None:
    provider, server = tokens_and_dovecot
    box = server.mailbox()
    provider.user = box.user
    account = imap_account(box, mailbox, provider, provider.refresh_token)
    first = access_token_for(mailbox.pk, host=box.host, now=NOON)
    provider.holding.discard(first)
    with pytest.raises(SignInRefused, match="AUTHENTICATIONFAILED"):
        check(box.login(access_token=first))
    drop_access_token(mailbox.pk)
    assert check(login_of(account, now=NOON)).startswith("Signed in.")


def test_a_token_of_somebody_else_opens_nothing(
    tokens_and_dovecot: tuple[TokenProvider, dovecot.Dovecot], mailbox: Mailbox
) -> None:
    provider, server = tokens_and_dovecot
    provider.user = "somebody-else"
    account = imap_account(server.mailbox(), mailbox, provider, provider.refresh_token)
    with pytest.raises(ImapTrouble):
        check(login_of(account, now=NOON))


@pytest.mark.django_db(transaction=True)
def test_the_reader_notes_the_providers_words(
    mailbox: Mailbox, tokens_and_dovecot: tuple[TokenProvider, dovecot.Dovecot]
) -> None:
    provider, server = tokens_and_dovecot
    account = imap_account(server.mailbox(), mailbox, provider, "revoked")
    Reader(account.pk, threading.Event()).run()
    account.refresh_from_db()
    assert account.last_error == "invalid_grant: AADSTS700082: The refresh token is over."
    assert account.next_try_at is not None


def test_by_token_no_password_is_kept_and_back_again_one_is_asked_for(mailbox: Mailbox, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    by_password = ImapFields(
        "h.example",
        993,
        "tls",
        SignIn.PASSWORD,
        "u",
        "secret",
        folder="INBOX",
        existing="unread",
        after_fetch="mark_seen",
        move_to="",
    )
    set_imap(mailbox_id=mailbox.pk, fields=by_password, act=act)
    by_token = dataclasses.replace(by_password, password="", sign_in=SignIn.OAUTH2)
    assert set_imap(mailbox_id=mailbox.pk, fields=by_token, act=act).sealed_password == ""
    with pytest.raises(PasswordMissing):
        set_imap(mailbox_id=mailbox.pk, fields=dataclasses.replace(by_password, password=""), act=act)
