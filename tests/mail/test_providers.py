"""Mail of providers, posted to the address of a mailbox: durable before 200, and each one once."""

import threading
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client as Browser

from deskhand.core.http import Answer, HttpTrouble
from deskhand.core.secrets import unseal
from deskhand.events.models import Event
from deskhand.mail import s3, sns
from deskhand.mail.actions.provider_accounts import (
    AccessSecretMissing,
    ProviderFields,
    PublicKeyNotValid,
    SigningKeyMissing,
    TopicNotValid,
    remove_provider,
    renew_address,
    set_provider,
)
from deskhand.mail.actions.taking_posts import confirm_topic, take_posted
from deskhand.mail.models import Door, InboundMail, Mailbox, Provider, ProviderAccount, ProviderMail, Verdict
from deskhand.mail.posts import Post, PostedMail
from deskhand.mail.sns import SnsAway, SnsMessage
from deskhand.web.views import mail_in
from tests.cast import NOON, Cast, act_by
from tests.core.web_servers import always, serving
from tests.mail.post_office import mail
from tests.mail.provider_posts import (
    CERTIFICATE_URL,
    SIGNING_KEY,
    TOPIC,
    Amazon,
    SendGrid,
    mailgun,
    postmark,
    sendgrid,
)

pytestmark = pytest.mark.django_db
FIELDS = {
    Provider.POSTMARK: ProviderFields(Provider.POSTMARK),
    Provider.MAILGUN: ProviderFields(Provider.MAILGUN, signing_key=SIGNING_KEY),
    Provider.SES: ProviderFields(Provider.SES, topic=TOPIC),
    Provider.SENDGRID: ProviderFields(Provider.SENDGRID),
}

KEY = {"access_key_id": "AKIA1", "access_secret": "secret-of-amazon"}


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Amazon:
    """Return an Amazon whose certificate was fetched before."""
    from django.utils import timezone

    made = Amazon(at=timezone.now())
    monkeypatch.setitem(sns.certificates._known, CERTIFICATE_URL, made.certificate())
    return made


def account_of(provider: str, box: Mailbox, cast: Cast, **changes: Any) -> ProviderAccount:
    fields = replace(FIELDS[Provider(provider)], **changes)
    account = set_provider(mailbox_id=box.pk, fields=fields, act=act_by(cast.ada.user))
    return ProviderAccount.objects.get(pk=account.pk)


def posted(account: ProviderAccount, post: Post, *, token: str = "", tail: str = "") -> Any:
    headers = {name.title(): value for name, value in post.headers.items() if name != "content-type"}
    path = f"/mail/in/{account.provider}/{token or unseal(account.sealed_token)}{tail}"
    kind = post.headers.get("content-type", "text/plain")
    return Browser(enforce_csrf_checks=True).post(path, post.body, content_type=kind, headers=headers)


def post_of(account: ProviderAccount, raw: bytes, amazon: Amazon) -> Post:
    password = unseal(account.sealed_password)
    if account.provider == Provider.POSTMARK:
        return postmark(raw, password)
    if account.provider == Provider.SENDGRID:
        return sendgrid(raw, password)
    return mailgun(raw, at=amazon.at, as_multipart=True) if account.provider == Provider.MAILGUN else amazon.mail(raw)


@pytest.mark.parametrize("provider", Provider.values)
def test_each_providers_mail_is_stored_before_it_is_answered(
    provider: str, mailbox: Mailbox, cast: Cast, amazon: Amazon
) -> None:
    account = account_of(provider, mailbox, cast)
    raw = mail(subject="Grüße", to="elsewhere@example.com")
    post = post_of(account, raw, amazon)
    assert posted(account, post).status_code == 200
    row = InboundMail.objects.get()
    assert (bytes(row.raw), row.door, row.mailbox, row.verdict) == (raw, Door.PROVIDER, mailbox, Verdict.PENDING)
    account.refresh_from_db()
    assert (account.last_delivery_at is not None, account.last_error) == (True, "")
    assert posted(account, post).status_code == 200
    assert (InboundMail.objects.count(), ProviderMail.objects.count()) == (1, 1)


def test_mailguns_address_may_end_with_mime(mailbox: Mailbox, cast: Cast, amazon: Amazon) -> None:
    account = account_of(Provider.MAILGUN, mailbox, cast)
    assert posted(account, mailgun(mail(), at=amazon.at), tail="/mime").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_are_one_mail(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    same = PostedMail("pm-1", mail(), "", ())

    def take() -> None:
        take_posted(account, same, at=NOON)
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (InboundMail.objects.count(), ProviderMail.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_asks_to_try_again_when_the_database_refuses(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    post = postmark(mail(), unseal(account.sealed_password))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_inboundmail RENAME TO mail_away")
    try:
        answer = posted(account, post)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_away RENAME TO mail_inboundmail")
    assert answer.status_code == 503
    assert posted(account, post).status_code == 200
    assert InboundMail.objects.count() == 1


def test_what_is_not_proven_is_refused_and_noted(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.MAILGUN, mailbox, cast)
    assert posted(account, mailgun(mail(), key="another")).status_code == 401
    account.refresh_from_db()
    assert "The signature does not fit" in account.last_error
    assert not InboundMail.objects.exists()


def test_a_post_without_raw_mail_is_asked_for_again(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    assert posted(account, postmark(b"x", unseal(account.sealed_password), RawEmail="")).status_code == 503
    account.refresh_from_db()
    assert "Include raw email content" in account.last_error


def test_a_wrong_address_is_not_found_and_says_nothing(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    post = postmark(mail(), unseal(account.sealed_password))
    token = unseal(account.sealed_token)
    assert posted(account, post, token="x" * 43).status_code == 404
    assert posted(account, post, token=account.token_hash).status_code == 404
    for path in (f"/mail/in/sendgrid/{token}", f"/mail/in/pigeon/{token}", "/mail/in/postmark/%F0%9F%92%A5"):
        assert Browser().post(path, post.body, content_type="application/json").status_code == 404
    assert Browser().get(f"/mail/in/postmark/{token}").status_code == 405
    account.refresh_from_db()
    assert account.last_error == ""


def test_what_is_too_large_is_refused(mailbox: Mailbox, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    monkeypatch.setattr(mail_in, "MOST_BYTES", 1000)
    assert posted(account, postmark(b"x" * 2000, unseal(account.sealed_password))).status_code == 413


def test_mail_larger_than_a_form_may_be_is_taken(mailbox: Mailbox, cast: Cast, amazon: Amazon) -> None:
    account = account_of(Provider.MAILGUN, mailbox, cast)
    raw = mail(files=(("big.bin", "application/octet-stream", bytes(7_000_000)),))
    assert posted(account, mailgun(raw, at=amazon.at, as_multipart=True)).status_code == 200
    assert InboundMail.objects.get().size_bytes == len(raw)


def test_while_it_is_switched_off_the_provider_keeps_the_mail(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    post = postmark(mail(), unseal(account.sealed_password))
    act = act_by(cast.ada.user)
    set_provider(mailbox_id=mailbox.pk, fields=ProviderFields(Provider.POSTMARK, is_enabled=False), act=act)
    assert posted(account, post).status_code == 503
    set_provider(mailbox_id=mailbox.pk, fields=ProviderFields(Provider.POSTMARK), act=act)
    assert posted(account, post).status_code == 200


def test_a_new_address_ends_the_old_one(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    renew_address(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    assert posted(account, postmark(mail(), unseal(account.sealed_password))).status_code == 404
    account.refresh_from_db()
    assert posted(account, postmark(mail(), unseal(account.sealed_password))).status_code == 200


def test_secrets_are_stored_only_encrypted_and_stay_out_of_the_events(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.MAILGUN, mailbox, cast)
    stored = str(ProviderAccount.objects.values().get()) + str([event.data for event in Event.objects.all()])
    assert SIGNING_KEY not in stored
    assert unseal(account.sealed_token) not in stored
    account_of(Provider.SES, mailbox, cast, **KEY)
    assert KEY["access_secret"] not in str(ProviderAccount.objects.values().get())


def test_asks_for_what_a_provider_needs(mailbox: Mailbox, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(SigningKeyMissing):
        set_provider(mailbox_id=mailbox.pk, fields=ProviderFields(Provider.MAILGUN), act=act)
    with pytest.raises(TopicNotValid):
        set_provider(mailbox_id=mailbox.pk, fields=ProviderFields(Provider.SES, topic="mail-in"), act=act)
    with pytest.raises(AccessSecretMissing):
        account_of(Provider.SES, mailbox, cast, access_key_id="AKIA1")
    with pytest.raises(PublicKeyNotValid):
        account_of(Provider.SENDGRID, mailbox, cast, public_key="MFkw")
    assert not ProviderAccount.objects.exists()
    account = account_of(Provider.MAILGUN, mailbox, cast)
    set_provider(mailbox_id=mailbox.pk, fields=ProviderFields(Provider.MAILGUN), act=act)
    account.refresh_from_db()
    assert unseal(account.sealed_signing_key) == SIGNING_KEY


def test_removing_it_keeps_the_mail(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.POSTMARK, mailbox, cast)
    posted(account, postmark(mail(), unseal(account.sealed_password)))
    remove_provider(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    assert (ProviderAccount.objects.count(), InboundMail.objects.count()) == (0, 1)


def test_a_subscription_is_confirmed_once_amazon_says_so(mailbox: Mailbox, cast: Cast) -> None:
    account = account_of(Provider.SES, mailbox, cast)
    message = SnsMessage("SubscriptionConfirmation", "", "https://sns.eu-west-1.amazonaws.com/?Action=Confirm")
    called: list[str] = []

    def amazon_says(status: int) -> Any:
        def call(url: str, **_: object) -> Answer:
            called.append(url)
            if not status:
                raise HttpTrouble("Amazon is away.")
            return Answer(status, {}, b"", url)

        return call

    for status in (0, 404):
        with pytest.raises(SnsAway):
            confirm_topic(account, message, at=NOON, call=amazon_says(status))
    confirm_topic(account, message, at=NOON, call=amazon_says(200))
    account.refresh_from_db()
    assert (account.confirmed_at, called) == (NOON, [message.subscribe_url] * 3)
    assert Event.objects.filter(kind="mailbox.provider_confirmed").count() == 1


def test_a_subscription_that_ended_is_told(mailbox: Mailbox, cast: Cast, amazon: Amazon) -> None:
    account = account_of(Provider.SES, mailbox, cast)
    ProviderAccount.objects.update(confirmed_at=NOON)
    assert posted(account, amazon.post("Gone", kind="UnsubscribeConfirmation")).status_code == 200
    account.refresh_from_db()
    assert (account.confirmed_at, "Subscribe this address again" in account.last_error) == (None, True)


def test_mail_that_amazon_stored_is_fetched_and_taken_once(
    mailbox: Mailbox, cast: Cast, amazon: Amazon, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HTTP_ALLOW = (ip_network("127.0.0.0/8"),)
    account = account_of(Provider.SES, mailbox, cast, **KEY)
    raw = mail(files=(("big.bin", "application/octet-stream", bytes(1_000_000)),))
    with serving(always(raw)) as site:
        monkeypatch.setattr(s3, "endpoint", lambda _: site.url(""))
        for _ in range(2):
            assert posted(account, amazon.stored("mail-in", "2026/ü 1")).status_code == 200
    assert [one.path for one in site.asked] == ["/mail-in/2026/%C3%BC%201"] * 2
    assert bytes(InboundMail.objects.get().raw) == raw
    assert ProviderMail.objects.get().provider_id == "ses-stored"


def test_mail_in_a_bucket_that_cannot_be_read_is_asked_for_again_and_told(
    mailbox: Mailbox, cast: Cast, amazon: Amazon, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HTTP_ALLOW = (ip_network("127.0.0.0/8"),)
    account = account_of(Provider.SES, mailbox, cast)
    assert posted(account, amazon.stored("mail-in", "a")).status_code == 503
    account.refresh_from_db()
    assert "in the S3 bucket mail-in, which the desk may not read. Enter an access key" in account.last_error
    account = account_of(Provider.SES, mailbox, cast, **KEY)
    with serving(always(b"<Error><Code>AccessDenied</Code></Error>", 403)) as site:
        monkeypatch.setattr(s3, "endpoint", lambda _: site.url(""))
        assert posted(account, amazon.stored("mail-in", "a")).status_code == 503
    account.refresh_from_db()
    assert "Amazon S3 answered 403 AccessDenied" in account.last_error
    assert not InboundMail.objects.exists()


def test_another_access_key_needs_its_own_secret(mailbox: Mailbox, cast: Cast) -> None:
    account_of(Provider.SES, mailbox, cast, **KEY)
    kept = account_of(Provider.SES, mailbox, cast, access_key_id="AKIA1")
    assert unseal(kept.sealed_access_secret) == KEY["access_secret"]
    with pytest.raises(AccessSecretMissing):
        account_of(Provider.SES, mailbox, cast, access_key_id="AKIA2")
    without = account_of(Provider.SES, mailbox, cast)
    assert (without.access_key_id, without.sealed_access_secret) == ("", "")


def test_sendgrid_has_to_sign_where_its_key_was_entered(mailbox: Mailbox, cast: Cast, amazon: Amazon) -> None:
    itself = SendGrid()
    account = account_of(Provider.SENDGRID, mailbox, cast, public_key=itself.public_key)
    post = sendgrid(mail(), unseal(account.sealed_password))
    assert posted(account, post).status_code == 401
    account.refresh_from_db()
    assert "Is the public key the one of this security policy?" in account.last_error
    assert posted(account, itself.signed(post, at=amazon.at)).status_code == 200
