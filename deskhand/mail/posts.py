"""Mail that a provider posts: telling whether the post is the provider's, and taking the raw mail out of it.

One reader a provider, each after the provider's own documents. They know no database. What the provider parsed is left
alone: only the bytes as they came are taken.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deskhand.core.text import storable
from deskhand.mail.models.providers import Provider
from deskhand.mail.posted_forms import FormUnreadable, form_fields
from deskhand.mail.posted_signatures import is_signed_with

AHEAD = timedelta(minutes=10)
"""How far a provider's clock may be ahead of ours."""
REPLAY_WINDOW = timedelta(hours=24)
"""How old a signed post may be. Providers try again for hours; within the window each signed post counts once."""
_ID_LIMIT = 200
_BASIC_USER = "desk"
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_SIGNED_AT = "x-twilio-email-event-webhook-timestamp"
_HEX = re.compile(r"^[0-9a-f]{64}$")


class NotTheirs(Exception):
    """The post is not proven to be the provider's."""


class PostUnreadable(Exception):
    """The post is the provider's, but holds no raw mail; the message says what to change at the provider."""


@dataclass(frozen=True)
class Post:
    """A request as it came. `headers` in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Keys:
    """What a provider proves itself with; what it does not use is empty."""

    password: str = ""
    signing_key: str = ""
    public_key: str = ""


@dataclass(frozen=True)
class PostedMail:
    """A raw mail, and what its provider calls it: the same at every try."""

    provider_id: str
    raw: bytes
    envelope_from: str
    envelope_to: tuple[str, ...]


def read_post(provider: str, post: Post, keys: Keys, *, now: datetime) -> PostedMail:
    """Return the mail in a post of Postmark, Mailgun or SendGrid. Raises NotTheirs, PostUnreadable."""
    return _READERS[provider](post, keys, now)


def basic_credentials(password: str) -> tuple[str, str]:
    """Return the user name and password that a provider is given as part of the address."""
    return _BASIC_USER, password


def _from_postmark(post: Post, keys: Keys, now: datetime) -> PostedMail:
    """Postmark posts JSON, with the raw mail where "Include raw email content" is on; it signs nothing."""
    del now
    _require_password(post, keys)
    said = _json(post.body)
    raw = said.get("RawEmail")
    if not isinstance(raw, str) or not raw:
        raise PostUnreadable("The post holds no raw mail. Switch on “Include raw email content in JSON payload”.")
    to = said.get("OriginalRecipient")
    return PostedMail(
        provider_id=_id(said.get("MessageID"), raw.encode("utf-8", "replace")),
        raw=raw.encode("utf-8", "replace"),
        envelope_from="",
        envelope_to=(to,) if isinstance(to, str) and to else (),
    )


def _from_mailgun(post: Post, keys: Keys, now: datetime) -> PostedMail:
    """A Mailgun route posts a form signed by HMAC-SHA256 over timestamp and token; raw where the address ends so."""
    fields = _form(post)
    stamp, token, signature = (_text(fields, name) for name in ("timestamp", "token", "signature"))
    wanted = hmac.new(keys.signing_key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    if not token or not keys.signing_key or not _HEX.match(signature) or not hmac.compare_digest(wanted, signature):
        raise NotTheirs("The signature does not fit. Is the signing key the one of this Mailgun account?")
    require_fresh(stamp_from_seconds(stamp), now)
    raw = fields.get("body-mime")
    if not raw:
        raise PostUnreadable("The post holds no raw mail. The address in the route has to end with /mime.")
    return PostedMail(
        provider_id=_id(token, raw),
        raw=raw,
        envelope_from=_sender(_text(fields, "sender")),
        envelope_to=_addresses(_text(fields, "recipient").split(",")),
    )


def _from_sendgrid(post: Post, keys: Keys, now: datetime) -> PostedMail:
    """SendGrid's Inbound Parse posts a form, with the raw mail where "POST the raw, full MIME message" is on.

    Told so by a security policy it signs time and body by ECDSA; then each post has to be signed.
    """
    _require_password(post, keys)
    if keys.public_key:
        stamp, signature = post.headers.get(_SIGNED_AT, ""), post.headers.get(_SIGNATURE, "")
        if not is_signed_with(keys.public_key, signed=stamp.encode() + post.body, signature=signature):
            raise NotTheirs("The signature does not fit. Is the public key the one of this security policy?")
        require_fresh(stamp_from_seconds(stamp), now)
    fields = _form(post)
    raw = fields.get("email")
    if not raw:
        raise PostUnreadable("The post holds no raw mail. Tick “POST the raw, full MIME message”.")
    try:
        envelope = _json(fields.get("envelope", b"{}"))
    except PostUnreadable:
        envelope = {}
    to, sender = envelope.get("to"), envelope.get("from")
    return PostedMail(
        provider_id=_id("", raw),  # SendGrid names its mail nowhere
        raw=raw,
        envelope_from=_sender(sender) if isinstance(sender, str) else "",
        envelope_to=_addresses(to) if isinstance(to, list) else (),
    )


_READERS: dict[str, Callable[[Post, Keys, datetime], PostedMail]] = {
    Provider.POSTMARK: _from_postmark,
    Provider.MAILGUN: _from_mailgun,
    Provider.SENDGRID: _from_sendgrid,
}


def require_fresh(at: datetime, now: datetime) -> None:
    """Raise NotTheirs for what was signed too long ago, or in the future."""
    if not now - REPLAY_WINDOW <= at <= now + AHEAD:
        raise NotTheirs("The post was signed at another time. Is the clock of this machine right?")


def stamp_from_seconds(text: str) -> datetime:
    """Return the time of a Unix timestamp. Raises NotTheirs."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotTheirs("The post does not say when it was signed.") from error


def _require_password(post: Post, keys: Keys) -> None:
    """Raise NotTheirs unless the request says the password (RFC 7617); the comparison takes the same time always."""
    scheme, _, value = post.headers.get("authorization", "").partition(" ")
    try:
        said = base64.b64decode(value.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        said = b""
    wanted = ":".join(basic_credentials(keys.password)).encode()
    if not keys.password or not hmac.compare_digest(wanted, said):
        raise NotTheirs("The post does not carry the password. Copy the whole address again.")


def _form(post: Post) -> dict[str, bytes]:
    try:
        return form_fields(post.body, post.headers.get("content-type", ""))
    except FormUnreadable as error:
        raise PostUnreadable("The post is no form that can be read.") from error


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PostUnreadable("The post is no JSON that can be read.") from error
    if not isinstance(said, dict):
        raise PostUnreadable("The post is no JSON that can be read.")
    return said


def _text(fields: Mapping[str, bytes], name: str) -> str:
    return storable(fields.get(name, b"").decode("utf-8", "replace")).strip()


def _id(given: object, raw: bytes) -> str:
    named = storable(given).strip() if isinstance(given, str) else ""
    return named if 0 < len(named) <= _ID_LIMIT else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _sender(said: str) -> str:
    """An empty sender is the null path, which these providers always pass on."""
    return said.strip() or "<>"


def _addresses(said: list[Any]) -> tuple[str, ...]:
    return tuple(one.strip() for one in said if isinstance(one, str) and one.strip())
