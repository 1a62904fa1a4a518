"""Asking a provider for tokens (OAuth 2.0, RFC 6749, with PKCE, RFC 7636). Knows no database."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from deskhand.core.http import HttpTrouble, Limits, fetch
from deskhand.core.text import one_line
from deskhand.mail.models.sign_in import SignInProvider

LIMITS = Limits(seconds=15, body_bytes=256 * 1024)
USUAL_LIFE = timedelta(minutes=5)
"""How long a token is used whose provider does not say how long it holds (RFC 6749 §5.1)."""
LONGEST_LIFE = timedelta(days=1)
_OK = 200
_LONGEST_TOKEN = 16_000


class OAuthTrouble(Exception):
    """The provider gave no token; the message is what it said, or why it could not be asked."""


@dataclass(frozen=True)
class Endpoints:
    """Where a provider is asked, for what, and which IMAP server takes its tokens; which SMTP server, if any."""

    authorize_url: str
    token_url: str
    scope: str
    mail_host: str
    smtp_host: str = ""


@dataclass(frozen=True)
class Client:
    """What this desk is to a provider. The secret is empty for a public client."""

    token_url: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Tokens:
    """What a provider gave. `refresh_token` is empty where the one there is still holds."""

    access_token: str
    life: timedelta
    refresh_token: str


def endpoints_of(provider: SignInProvider, *, tenant: str = "", can_send: bool = False) -> Endpoints | None:
    """Return where a known provider is asked; None for another one. `tenant` is Microsoft's; empty for any."""
    if provider == SignInProvider.MICROSOFT:
        base = f"https://login.microsoftonline.com/{tenant or 'common'}/oauth2/v2.0"
        names = ["IMAP.AccessAsUser.All", *(["SMTP.Send"] if can_send else [])]
        scope = " ".join([*(f"https://outlook.office.com/{name}" for name in names), "offline_access"])
        smtp_host = "smtp.office365.com" if can_send else ""
        return Endpoints(f"{base}/authorize", f"{base}/token", scope, "outlook.office365.com", smtp_host)
    if provider == SignInProvider.GOOGLE:
        return Endpoints(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
            "imap.gmail.com",
            "smtp.gmail.com" if can_send else "",
        )
    return None


def address_to_agree(
    endpoints: Endpoints, *, client_id: str, redirect_uri: str, state: str, verifier: str, user: str
) -> str:
    """Return the address at which a person agrees that the desk uses the mailbox `user`."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": endpoints.scope,
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        "login_hint": user,
        # Google gives a lasting token only when asked for both.
        "access_type": "offline",
        "prompt": "consent",
    }
    joint = "&" if urlsplit(endpoints.authorize_url).query else "?"
    return f"{endpoints.authorize_url}{joint}{urlencode(query)}"


def tokens_for_code(client: Client, *, code: str, redirect_uri: str, verifier: str) -> Tokens:
    """Return the tokens for a person's agreement. Raises OAuthTrouble, also when no lasting one is among them."""
    grant = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    tokens = _asked(client, grant)
    if not tokens.refresh_token:
        raise OAuthTrouble("The provider gave no refresh token, so the desk could get in for an hour only.")
    return tokens


def refreshed(client: Client, refresh_token: str) -> Tokens:
    """Return new tokens for a lasting one. Raises OAuthTrouble."""
    return _asked(client, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _asked(client: Client, grant: Mapping[str, str]) -> Tokens:
    secret = {"client_secret": client.client_secret} if client.client_secret else {}
    form = urlencode({**grant, "client_id": client.client_id, **secret})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = fetch(client.token_url, method="POST", headers=headers, body=form.encode(), limits=LIMITS)
        said = answer.json()
    except HttpTrouble as error:
        raise OAuthTrouble(str(error)) from error
    if isinstance(said, dict) and answer.status == _OK and "error" not in said:
        return _read(said)
    raise OAuthTrouble(_words(said) or f"The provider answered {answer.status} without a word.")


def _read(said: Mapping[str, Any]) -> Tokens:
    access, refresh = said.get("access_token"), said.get("refresh_token") or ""
    if not _is_token(access) or not (refresh == "" or _is_token(refresh)):
        raise OAuthTrouble("The provider's answer holds no token that can be used.")
    if str(said.get("token_type", "bearer")).lower() != "bearer":
        raise OAuthTrouble("The provider gave a token of a kind that mail servers do not know.")
    try:
        life = timedelta(seconds=float(said.get("expires_in") or USUAL_LIFE.total_seconds()))
    except (TypeError, ValueError, OverflowError):
        life = USUAL_LIFE
    return Tokens(str(access), max(timedelta(0), min(life, LONGEST_LIFE)), str(refresh))


def _is_token(value: object) -> bool:
    """Whether it may stand in a header or a SASL answer: visible ASCII, not too long."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TOKEN and all("!" <= sign <= "~" for sign in value)


def _words(said: object) -> str:
    if not isinstance(said, dict):
        return ""
    inner = said.get("error")
    parts = [inner, said.get("error_description")]
    if isinstance(inner, dict):  # some answer in the manner of their other interfaces
        parts = [inner.get("status") or inner.get("code"), inner.get("message")]
    return one_line(": ".join(str(part) for part in parts if part))[:1000]
