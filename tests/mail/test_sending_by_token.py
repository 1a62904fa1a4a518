"""Mailboxes that send by a token of OAuth 2.0."""

import dataclasses
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.conf import LazySettings

from deskhand.core.secrets import seal, unseal
from deskhand.mail.actions.sign_in import SignInFields, connect, set_sign_in
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    Mailbox,
    MailboxSignIn,
    SignInProvider,
    SmtpAccount,
    SmtpSignIn,
)
from deskhand.mail.oauth import Endpoints, endpoints_of
from deskhand.mail.smtp import Server
from deskhand.mail.ways_out import check
from tests.cast import NOON, Cast, act_by
from tests.mail.oauth_provider import CLIENT_ID, CLIENT_SECRET, TokenProvider, token_provider
from tests.mail.own_servers import HOUR, MINUTE, USER, give, state, two_servers
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import Guarded
from tests.mail.test_sending import SENT_AT


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[TokenProvider]:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]
    with token_provider() as running:
        yield running


def connected(box: Mailbox, provider: TokenProvider, *, smtp_host: str = "127.0.0.1") -> MailboxSignIn:
    return MailboxSignIn.objects.create(
        mailbox=box,
        provider=SignInProvider.OTHER,
        client_id=CLIENT_ID,
        sealed_client_secret=seal(CLIENT_SECRET),
        token_url=provider.token_url,
        mail_host="imap.brand.example",
        smtp_host=smtp_host,
        sealed_refresh_token=seal(provider.refresh_token),
        connected_at=NOON,
    )


def by_token(box: Mailbox, cast: Cast, server: Server) -> SmtpAccount:
    return give(box, cast, server, sign_in=SmtpSignIn.OAUTH2, password="")


def send_one(box: Mailbox, cast: Cast, server: Server) -> SmtpAccount:
    """Send a reply from the mailbox by token."""
    account = by_token(box, cast, server)
    cast.staff_reply(cast.ticket())
    work_off(SENT_AT)
    return account


def test_sends_with_the_token_of_the_mailboxs_sign_in(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    connected(mailbox, provider)
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        send_one(mailbox, cast, server)
    assert (state(), own.tried, len(provider.asked)) == (DeliveryState.SENT, ["XOAUTH2"], 1)


def test_a_token_that_ended_early_is_renewed_once_within_the_try(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    sign_in = connected(mailbox, provider)
    sign_in.sealed_access_token, sign_in.access_ends_at = seal("revoked-early"), SENT_AT + HOUR
    sign_in.save()
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        account = send_one(mailbox, cast, server)
    account.refresh_from_db()
    assert (state(), own.tried, own.last_words) == (DeliveryState.SENT, ["XOAUTH2", "XOAUTH2"], [b""])
    assert (len(provider.asked), account.last_error, Delivery.objects.get().attempts) == (1, "", 1)


def test_a_second_token_refused_waits_with_the_servers_reason(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    connected(mailbox, provider)
    own = Guarded()
    with two_servers(own) as (_, server):
        account = send_one(mailbox, cast, server)
        account.refresh_from_db()
        assert (state(), len(own.tried), len(provider.asked)) == (DeliveryState.DEFERRED, 2, 2)
        assert account.last_error.startswith(f'{own.refusal} {{"status":"401"')
        assert "access-" not in account.last_error + Delivery.objects.get().server_answer
        own.tokens[USER] = provider.holding
        work_off(SENT_AT + MINUTE)
    assert (state(), len(own.mails)) == (DeliveryState.SENT, 1)


def test_what_the_provider_of_tokens_says_is_noted_with_the_mailbox(
    mailbox: Mailbox, cast: Cast, provider: TokenProvider
) -> None:
    connected(mailbox, provider)
    provider.refresh_token = "another"
    own = Guarded()
    with two_servers(own) as (_, server):
        send_one(mailbox, cast, server)
    assert (state(), own.tried) == (DeliveryState.DEFERRED, [])
    assert "AADSTS700082" in SmtpAccount.objects.get().last_error


def test_a_sign_in_for_reading_alone_sends_nothing(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    sign_in = connected(mailbox, provider, smtp_host="")
    own = Guarded(tokens={USER: provider.holding})
    with two_servers(own) as (_, server):
        account = by_token(mailbox, cast, server)
        assert "for reading alone" in check(account, now=NOON).words
        sign_in.smtp_host = "smtp.brand.example"
        sign_in.save()
        assert check(account, now=NOON).words == "This sign-in is for smtp.brand.example. Enter that as the server."
    assert (own.tried, provider.asked) == ([], [])


def test_connecting_again_lets_what_waits_go(mailbox: Mailbox, cast: Cast, provider: TokenProvider) -> None:
    connected(mailbox, provider)
    own = Guarded()
    with two_servers(own) as (_, server):
        account = send_one(mailbox, cast, server)
        provider.codes["code"] = "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"  # of the verifier below (RFC 7636 §4.2)
        act = dataclasses.replace(act_by(cast.ada.user), at=SENT_AT)
        connect(mailbox_id=mailbox.pk, code="code", redirect_uri="https://d/", verifier="verifier", act=act)
        account.refresh_from_db()
        assert (account.next_try_at, account.last_error) == (None, "")
        own.tokens[USER] = provider.holding
        work_off(SENT_AT)
    assert state() == DeliveryState.SENT


def sign_in_fields(endpoints: Endpoints, client_secret: str) -> SignInFields:
    return SignInFields(SignInProvider.MICROSOFT, endpoints, "id", client_secret)


def test_letting_a_sign_in_send_asks_for_agreement_again_but_not_for_the_secret(mailbox: Mailbox, cast: Cast) -> None:
    reading, sending = (endpoints_of(SignInProvider.MICROSOFT, can_send=can_send) for can_send in (False, True))
    assert reading is not None
    assert sending is not None
    assert (reading.smtp_host, sending.smtp_host) == ("", "smtp.office365.com")
    assert ("SMTP.Send" in reading.scope, "SMTP.Send" in sending.scope) == (False, True)
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(reading, "secret"), act=act_by(cast.ada.user))
    MailboxSignIn.objects.update(sealed_refresh_token=seal("lasting"))
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(reading, ""), act=act_by(cast.ada.user))
    assert MailboxSignIn.objects.get().is_connected
    set_sign_in(mailbox_id=mailbox.pk, fields=sign_in_fields(sending, ""), act=act_by(cast.ada.user))
    kept = MailboxSignIn.objects.get()
    assert (kept.is_connected, kept.smtp_host) == (False, "smtp.office365.com")
    assert unseal(kept.sealed_client_secret) == "secret"
