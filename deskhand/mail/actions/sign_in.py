"""Signing in at a mailbox's server by OAuth 2.0: setting it up, and keeping a token that holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from deskhand.core.secrets import seal, unseal
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.actions.servers import WELL
from deskhand.mail.actions.smtp_accounts import resume_sending
from deskhand.mail.events import MailboxConnected, MailboxDisconnected, MailboxSignInChanged
from deskhand.mail.models import ImapAccount, Mailbox, MailboxSignIn
from deskhand.mail.oauth import Client, Endpoints, OAuthTrouble, Tokens, refreshed, tokens_for_code

MARGIN = timedelta(minutes=2)
"""A token that ends sooner is not used any more."""


class ClientSecretMissing(ValueError):
    """The stored client secret is for another client or provider, who must not get to see it."""

    def __init__(self) -> None:
        super().__init__("Enter the client secret again: the stored one is for another client or address.")


class SendsNothing(OAuthTrouble):
    """The person agreed that the desk reads the mailbox, and to nothing more."""

    def __init__(self) -> None:
        super().__init__(
            "This sign-in is for reading alone. Let it send as well where it is set up, and connect again."
        )


class NotConnected(OAuthTrouble):
    """Nobody agreed yet that the desk uses the mailbox."""

    def __init__(self) -> None:
        super().__init__("Nobody has agreed yet that the desk may use this mailbox. Connect it first.")


@dataclass(frozen=True)
class SignInFields:
    """What was entered. `client_secret` is empty to keep the one that is stored, or for none."""

    provider: str
    endpoints: Endpoints
    client_id: str
    client_secret: str


@transaction.atomic
def set_sign_in(*, mailbox_id: int, fields: SignInFields, act: Act) -> MailboxSignIn:
    """Say how the desk gets tokens for a mailbox. What changes who is asked, or who sees them, ends the connection.

    Whether the desk may send as well changes nothing about who sees the client secret. Raises ClientSecretMissing.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    sign_in = MailboxSignIn.objects.filter(mailbox=box).first() or MailboxSignIn(mailbox=box)
    before, could = _parties(sign_in), _reach(sign_in)
    is_new = sign_in.pk is None
    sign_in.provider, sign_in.client_id = fields.provider, fields.client_id
    sign_in.authorize_url, sign_in.token_url = fields.endpoints.authorize_url, fields.endpoints.token_url
    sign_in.scope, sign_in.mail_host = fields.endpoints.scope, fields.endpoints.mail_host.lower()
    sign_in.smtp_host = fields.endpoints.smtp_host.lower()
    has_moved = not is_new and before != _parties(sign_in)
    if fields.client_secret:
        sign_in.sealed_client_secret = seal(fields.client_secret)
    elif has_moved and sign_in.sealed_client_secret:
        raise ClientSecretMissing
    if has_moved or could != _reach(sign_in):
        _forget(sign_in)
    sign_in.save()
    record(MailboxSignInChanged(subject_id=box.pk, provider=sign_in.provider, client_id=sign_in.client_id), act=act)
    return sign_in


@transaction.atomic
def disconnect(*, mailbox_id: int, act: Act) -> None:
    """Forget the tokens and the client secret."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    removed, _ = MailboxSignIn.objects.filter(mailbox=box).delete()
    if removed:
        record(MailboxDisconnected(subject_id=box.pk), act=act)


def connect(*, mailbox_id: int, code: str, redirect_uri: str, verifier: str, act: Act) -> None:
    """Turn a person's agreement into tokens, and keep them. Raises OAuthTrouble, SecretUnreadable."""
    sign_in = MailboxSignIn.objects.get(mailbox_id=mailbox_id)
    asked = (_parties(sign_in), _reach(sign_in))
    tokens = tokens_for_code(_client(sign_in), code=code, redirect_uri=redirect_uri, verifier=verifier)
    with transaction.atomic():
        sign_in = MailboxSignIn.objects.select_for_update().get(mailbox_id=mailbox_id)
        if (_parties(sign_in), _reach(sign_in)) != asked:
            raise OAuthTrouble("The settings were changed meanwhile. Connect again.")
        _keep(sign_in, tokens, at=act.at)
        sign_in.connected_at = act.at
        sign_in.save()
        # Whoever waits after the last trouble need not wait any longer.
        ImapAccount.objects.filter(mailbox_id=mailbox_id).update(**WELL, changed_at=act.at)
        resume_sending(mailbox_id, at=act.at)
        record(MailboxConnected(subject_id=mailbox_id, provider=sign_in.provider), act=act)


def access_token_for(mailbox_id: int, *, host: str, now: datetime, to_send: bool = False) -> str:
    """Return a token that holds, asking the provider for a new one where the last is about to end.

    Several at once wait for one another, so that only the first one asks. `to_send`: `host` is the SMTP server, not the
    one to read from. Raises OAuthTrouble, also when it is not the server the tokens are for, and SecretUnreadable.
    """
    with transaction.atomic():
        sign_in = MailboxSignIn.objects.select_for_update().filter(mailbox_id=mailbox_id).first()
        if sign_in is None or not sign_in.is_connected:
            raise NotConnected
        right_host = sign_in.smtp_host if to_send else sign_in.mail_host
        if not right_host:
            raise SendsNothing
        if host.lower() != right_host:
            raise OAuthTrouble(f"This sign-in is for {right_host}. Enter that as the server.")
        if sign_in.sealed_access_token and sign_in.access_ends_at and now + MARGIN < sign_in.access_ends_at:
            return unseal(sign_in.sealed_access_token)
        try:
            tokens = refreshed(_client(sign_in), unseal(sign_in.sealed_refresh_token))
        except OAuthTrouble as error:
            trouble = error
        else:
            _keep(sign_in, tokens, at=now)
            sign_in.save()
            return tokens.access_token
        # Not raised inside: what went wrong is to be kept.
        sign_in.last_error, sign_in.last_error_at = str(trouble), now
        sign_in.save(update_fields=["last_error", "last_error_at"])
    raise trouble


def drop_access_token(mailbox_id: int) -> None:
    """Forget a token the mail server refused, so that the next try asks for another one."""
    MailboxSignIn.objects.filter(mailbox_id=mailbox_id).update(sealed_access_token="", access_ends_at=None)


def _client(sign_in: MailboxSignIn) -> Client:
    return Client(sign_in.token_url, sign_in.client_id, unseal(sign_in.sealed_client_secret))


def _keep(sign_in: MailboxSignIn, tokens: Tokens, *, at: datetime) -> None:
    sign_in.sealed_access_token = seal(tokens.access_token)
    sign_in.access_ends_at = at + tokens.life
    if tokens.refresh_token:  # some providers give a new one each time, and the old one ends
        sign_in.sealed_refresh_token = seal(tokens.refresh_token)
    sign_in.last_error, sign_in.last_error_at = "", None


def _forget(sign_in: MailboxSignIn) -> None:
    sign_in.sealed_refresh_token = sign_in.sealed_access_token = ""
    sign_in.access_ends_at = sign_in.connected_at = sign_in.last_error_at = None
    sign_in.last_error = ""


def _parties(sign_in: MailboxSignIn) -> tuple[str, ...]:
    return (sign_in.token_url, sign_in.client_id, sign_in.mail_host, sign_in.authorize_url)


def _reach(sign_in: MailboxSignIn) -> tuple[str, ...]:
    """What the tokens are good for."""
    return (sign_in.scope, sign_in.smtp_host)
