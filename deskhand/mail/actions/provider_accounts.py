"""Providers that post mail for mailboxes: setting one up, the address to give to it, and its end."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from deskhand.core.secrets import seal
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.events import ProviderChanged, ProviderRemoved
from deskhand.mail.models import Mailbox, Provider, ProviderAccount
from deskhand.mail.posted_signatures import is_public_key
from deskhand.mail.sns import is_topic

WITH_PASSWORD = (Provider.POSTMARK, Provider.SENDGRID)
_ASKED_OF = {
    "signing_key": Provider.MAILGUN,
    "public_key": Provider.SENDGRID,
    "topic": Provider.SES,
    "access_key_id": Provider.SES,
    "access_secret": Provider.SES,
}
_TOKEN_BYTES = 32


class SigningKeyMissing(ValueError):
    """Mailgun's posts are told by its signing key."""

    def __init__(self) -> None:
        super().__init__("Enter the HTTP webhook signing key of your Mailgun account.")


class TopicNotValid(ValueError):
    """Only the messages of one topic are taken, so it has to be named."""

    def __init__(self) -> None:
        super().__init__("Enter the topic's ARN, such as arn:aws:sns:eu-west-1:123456789012:mail-in.")


class PublicKeyNotValid(ValueError):
    """What was entered is no key that signatures could be checked with."""

    def __init__(self) -> None:
        super().__init__("Enter the public key as SendGrid shows it: one line that begins with MFkw.")


class AccessKeyMissing(ValueError):
    """A secret alone opens nothing."""

    def __init__(self) -> None:
        super().__init__("Enter the access key ID that belongs to this secret.")


class AccessSecretMissing(ValueError):
    """An access key is an id and a secret."""

    def __init__(self) -> None:
        super().__init__("Enter the secret access key that belongs to this ID.")


@dataclass(frozen=True)
class ProviderFields:
    """What was entered. `signing_key` (Mailgun's) and `access_secret` are empty to keep those that are stored.

    `topic`, `access_key_id` and `access_secret` are Amazon's, `public_key` is SendGrid's; the last three may be left
    out.
    """

    provider: str
    signing_key: str = ""
    topic: str = ""
    access_key_id: str = ""
    access_secret: str = ""
    public_key: str = ""
    is_enabled: bool = True


@transaction.atomic
def set_provider(*, mailbox_id: int, fields: ProviderFields, act: Act) -> ProviderAccount:
    """Say which provider posts the mailbox's mail; another one gets another address.

    Raises SigningKeyMissing, TopicNotValid, AccessKeyMissing, AccessSecretMissing, PublicKeyNotValid.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    account = ProviderAccount.objects.filter(mailbox=box).first() or ProviderAccount(mailbox=box)
    if account.provider != fields.provider:
        account.provider = fields.provider
        _make_address(account)
        account.sealed_signing_key = account.sealed_access_secret = ""
    account.is_enabled = fields.is_enabled
    _set_proofs(account, fields)
    account.last_error, account.last_error_at = "", None
    account.save()
    fact = ProviderChanged(subject_id=box.pk, provider=account.provider, is_enabled=account.is_enabled)
    record(fact, act=act)
    return account


def _set_proofs(account: ProviderAccount, fields: ProviderFields) -> None:
    """Take over what this provider proves itself with, and drop what belongs to others."""
    of_others: dict[str, Any] = {name: "" for name, provider in _ASKED_OF.items() if provider != fields.provider}
    own = replace(fields, **of_others)
    if own.signing_key:
        account.sealed_signing_key = seal(own.signing_key)
    if own.provider == Provider.MAILGUN and not account.sealed_signing_key:
        raise SigningKeyMissing
    if own.public_key and not is_public_key(own.public_key):
        raise PublicKeyNotValid
    account.public_key = own.public_key
    if own.provider == Provider.SES and not is_topic(own.topic):
        raise TopicNotValid
    if account.topic != own.topic:
        account.topic, account.confirmed_at = own.topic, None
    _set_access_key(account, own)


def _set_access_key(account: ProviderAccount, own: ProviderFields) -> None:
    if account.access_key_id != own.access_key_id:
        account.access_key_id, account.sealed_access_secret = own.access_key_id, ""
    if own.access_secret:
        account.sealed_access_secret = seal(own.access_secret)
    if own.access_key_id and not account.sealed_access_secret:
        raise AccessSecretMissing
    if own.access_secret and not own.access_key_id:
        raise AccessKeyMissing


@transaction.atomic
def renew_address(*, mailbox_id: int, act: Act) -> None:
    """Give the provider another address; the one before leads nowhere."""
    account = ProviderAccount.objects.select_for_update().get(mailbox_id=mailbox_id)
    _make_address(account)
    account.confirmed_at = None
    account.save()
    fact = ProviderChanged(subject_id=mailbox_id, provider=account.provider, is_enabled=account.is_enabled)
    record(fact, act=act)


@transaction.atomic
def remove_provider(*, mailbox_id: int, act: Act) -> None:
    """Take no more posts for the mailbox."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    removed, _ = ProviderAccount.objects.filter(mailbox=box).delete()
    if removed:
        record(ProviderRemoved(subject_id=box.pk), act=act)


def _make_address(account: ProviderAccount) -> None:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    account.sealed_token, account.token_hash = seal(token), hash_of(token)
    account.sealed_password = seal(secrets.token_urlsafe(24)) if account.provider in WITH_PASSWORD else ""


def hash_of(token: str) -> str:
    """Return by what the last part of an address is found."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
