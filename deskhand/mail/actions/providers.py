"""Mail that a provider posts for a mailbox: setting it up, and taking it in."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from deskhand.core.http import Answer, HttpTrouble, fetch
from deskhand.core.secrets import seal, unseal
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.mail.actions.receiving import store
from deskhand.mail.events import ProviderChanged, ProviderConfirmed, ProviderRemoved
from deskhand.mail.models import Door, Mailbox, Provider, ProviderAccount, ProviderMail
from deskhand.mail.posted_signatures import is_public_key
from deskhand.mail.posts import Keys, NotTheirs, Post, PostedMail, PostUnreadable, read_post
from deskhand.mail.s3 import AccessKey, fetch_object
from deskhand.mail.ses import mail_of
from deskhand.mail.sns import CALL_LIMITS, SnsAway, SnsMessage, address_to_confirm, is_topic, read_sns, region_of

WITH_PASSWORD = (Provider.POSTMARK, Provider.SENDGRID)
_TOKEN_BYTES = 32
_OK = 200


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


class AccessSecretMissing(ValueError):
    """An access key is an id and a secret."""

    def __init__(self) -> None:
        super().__init__("Enter the secret access key that belongs to this ID.")


class SwitchedOff(Exception):
    """The provider is to keep its mail and try again."""

    def __init__(self) -> None:
        super().__init__("Switched off here. The provider keeps the mail for a while and tries again.")


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

    Raises SigningKeyMissing, TopicNotValid, AccessSecretMissing, PublicKeyNotValid.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    account = ProviderAccount.objects.filter(mailbox=box).first() or ProviderAccount(mailbox=box)
    if account.provider != fields.provider:
        _make_address(account)
        account.sealed_signing_key = account.sealed_access_secret = ""
    account.provider, account.is_enabled = fields.provider, fields.is_enabled
    account.sealed_password = account.sealed_password if account.provider in WITH_PASSWORD else ""
    _set_proofs(account, fields)
    account.last_error, account.last_error_at = "", None
    account.save()
    fact = ProviderChanged(subject_id=box.pk, provider=account.provider, is_enabled=account.is_enabled)
    record(fact, act=act)
    return account


def _set_proofs(account: ProviderAccount, fields: ProviderFields) -> None:
    """Take over what this provider proves itself with, and drop what belongs to others."""
    if fields.provider == Provider.MAILGUN and fields.signing_key:
        account.sealed_signing_key = seal(fields.signing_key)
    if fields.provider == Provider.MAILGUN and not account.sealed_signing_key:
        raise SigningKeyMissing
    account.public_key = fields.public_key if fields.provider == Provider.SENDGRID else ""
    if account.public_key and not is_public_key(account.public_key):
        raise PublicKeyNotValid
    is_amazon = fields.provider == Provider.SES
    topic = fields.topic if is_amazon else ""
    if is_amazon and not is_topic(topic):
        raise TopicNotValid
    if account.topic != topic:
        account.topic, account.confirmed_at = topic, None
    key_id = fields.access_key_id if is_amazon else ""
    if account.access_key_id != key_id:
        account.access_key_id, account.sealed_access_secret = key_id, ""
    if key_id and fields.access_secret:
        account.sealed_access_secret = seal(fields.access_secret)
    if key_id and not account.sealed_access_secret:
        raise AccessSecretMissing


@transaction.atomic
def renew_address(*, mailbox_id: int, act: Act) -> None:
    """Give the provider another address; the one before leads nowhere."""
    account = ProviderAccount.objects.select_for_update().get(mailbox_id=mailbox_id)
    _make_address(account)
    account.sealed_password = account.sealed_password if account.provider in WITH_PASSWORD else ""
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


def account_at(provider: str, token: str) -> ProviderAccount | None:
    """Return whose address this is. Found by the token's hash, so that how long it takes tells nothing."""
    wanted = _hash(token)
    account = ProviderAccount.objects.select_related("mailbox").filter(token_hash=wanted, provider=provider).first()
    return account if account is not None and hmac.compare_digest(account.token_hash, wanted) else None


def take_post(account: ProviderAccount, post: Post, *, at: datetime) -> None:
    """Take in what a provider posted; returns once it is committed. The same mail twice changes nothing.

    Raises NotTheirs, PostUnreadable, SnsAway and SwitchedOff, each noted with the account, and SecretUnreadable,
    DatabaseError.
    """
    try:
        _take(account, post, at=at)
    except (NotTheirs, PostUnreadable, SnsAway, SwitchedOff) as error:
        ProviderAccount.objects.filter(pk=account.pk).update(last_error=str(error)[:1000], last_error_at=at)
        raise


def _take(account: ProviderAccount, post: Post, *, at: datetime) -> None:
    if not account.is_enabled:
        raise SwitchedOff
    if account.provider == Provider.SES:
        _take_sns(account, post, at=at)
    else:
        take_posted(account, read_post(account.provider, post, _keys(account), now=at), at=at)


@transaction.atomic(durable=True)
def take_posted(account: ProviderAccount, posted: PostedMail, *, at: datetime) -> None:
    """Store one posted mail; returns once that is committed. Raises DatabaseError."""
    # Two posts of one mail at once: the second waits here for the first, and then finds the mail taken.
    ProviderAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not ProviderMail.objects.filter(account=account, provider_id=posted.provider_id).exists():
        mail = store(
            posted.raw,
            door=Door.PROVIDER,
            at=at,
            envelope_from=posted.envelope_from,
            envelope_to=posted.envelope_to,
            mailbox=account.mailbox,
        )
        ProviderMail.objects.create(account=account, provider_id=posted.provider_id, mail=mail, received_at=at)
    ProviderAccount.objects.filter(pk=account.pk).update(last_delivery_at=at, last_error="", last_error_at=None)


def confirm_topic(account: ProviderAccount, message: SnsMessage, *, at: datetime, call: Callable[..., Answer]) -> None:
    """Tell Amazon that its topic may post here. Raises NotTheirs, SnsAway."""
    url = address_to_confirm(message, account.topic)
    try:
        answer = call(url, limits=CALL_LIMITS)
    except HttpTrouble as error:
        raise SnsAway(str(error)) from error
    if answer.status != _OK:
        raise SnsAway(f"Amazon answered {answer.status} when its topic was confirmed.")
    with transaction.atomic():
        ProviderAccount.objects.filter(pk=account.pk).update(confirmed_at=at, last_error="", last_error_at=None)
        act = Act(actor=None, at=at, via=Via.MAIL)
        record(ProviderConfirmed(subject_id=account.mailbox_id, topic=account.topic), act=act)


def _take_sns(account: ProviderAccount, post: Post, *, at: datetime) -> None:
    message = read_sns(post.body, topic=account.topic, now=at)
    if message.kind == "SubscriptionConfirmation":
        confirm_topic(account, message, at=at, call=fetch)
    elif message.kind == "UnsubscribeConfirmation":
        words = "Amazon ended the subscription of the topic. Subscribe this address again."
        ProviderAccount.objects.filter(pk=account.pk).update(confirmed_at=None, last_error=words, last_error_at=at)
    else:
        take_posted(account, mail_of(message, stored=partial(_stored, account, at)), at=at)


def _stored(account: ProviderAccount, at: datetime, bucket: str, name: str) -> bytes:
    """Fetch a mail that SES put into S3."""
    if not account.access_key_id:
        raise PostUnreadable(
            f"The mail is in the S3 bucket {bucket}, which the desk may not read. Enter an access key that may, or let "
            "the rule publish the mail itself to the topic."
        )
    key = AccessKey(account.access_key_id, unseal(account.sealed_access_secret))
    try:
        return fetch_object(bucket, name, key=key, region=region_of(account.topic), at=at)
    except HttpTrouble as error:
        raise SnsAway(str(error)) from error


def _keys(account: ProviderAccount) -> Keys:
    return Keys(
        password=unseal(account.sealed_password) if account.sealed_password else "",
        signing_key=unseal(account.sealed_signing_key) if account.sealed_signing_key else "",
        public_key=account.public_key,
    )


def _make_address(account: ProviderAccount) -> None:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    account.sealed_token, account.token_hash = seal(token), _hash(token)
    account.sealed_password = seal(secrets.token_urlsafe(24))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
