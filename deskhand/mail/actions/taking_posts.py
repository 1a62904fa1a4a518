"""Taking in what a provider posts for a mailbox."""

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from deskhand.core.http import Answer, HttpTrouble, fetch
from deskhand.core.secrets import unseal
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.mail.actions.provider_accounts import hash_of
from deskhand.mail.actions.receiving import store
from deskhand.mail.events import ProviderConfirmed
from deskhand.mail.models import Door, Provider, ProviderAccount, ProviderMail
from deskhand.mail.posts import Keys, NotTheirs, Post, PostedMail, PostUnreadable, read_post
from deskhand.mail.s3 import AccessKey, fetch_object
from deskhand.mail.ses import mail_of
from deskhand.mail.sns import CALL_LIMITS, SnsAway, SnsMessage, address_to_confirm, read_sns, region_of

_OK = 200


class SwitchedOff(Exception):
    """The provider is to keep its mail and try again."""

    def __init__(self) -> None:
        super().__init__("Switched off here. The provider keeps the mail for a while and tries again.")


def account_at(provider: str, token: str) -> ProviderAccount | None:
    """Return whose address this is. Found by the token's hash, so that how long it takes tells nothing."""
    wanted = hash_of(token)
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
        password=unseal(account.sealed_password),
        signing_key=unseal(account.sealed_signing_key),
        public_key=account.public_key,
    )
