"""Posts of mail providers: whose they are, and the raw mail in them, byte for byte."""

import base64
import dataclasses
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deskhand.core.http import HttpTrouble
from deskhand.mail.models import Provider
from deskhand.mail.posted_forms import FormUnreadable, form_fields
from deskhand.mail.posted_signatures import is_public_key, is_signed_with
from deskhand.mail.posts import Keys, NotTheirs, Post, PostedMail, PostUnreadable, read_post
from deskhand.mail.ses import mail_of
from deskhand.mail.sns import Certificates, SnsAway, address_to_confirm, is_topic, read_sns
from tests.cast import NOON
from tests.mail.provider_posts import (
    CERTIFICATE_URL,
    SIGNING_KEY,
    TOPIC,
    Amazon,
    SendGrid,
    basic,
    mailgun,
    multipart,
    postmark,
    sendgrid,
    urlencoded,
)

ODD = b"Subject: \xff\x80 odd\n\nbytes \x81\xfe, a + and %41 & more\r\n--xYz\r\n\r\n.\r\n"
KEYS = Keys(password="correct-horse", signing_key=SIGNING_KEY)


def no_bucket(bucket: str, name: str) -> bytes:
    raise AssertionError(f"Nobody asked for {name} in {bucket}.")


def read(provider: str, post: Post, keys: Keys = KEYS) -> PostedMail:
    return read_post(provider, post, keys, now=NOON)


@pytest.mark.parametrize("as_multipart", [False, True])
def test_mailguns_mail_comes_as_it_is(as_multipart: bool) -> None:
    posted = read(Provider.MAILGUN, mailgun(ODD, as_multipart=as_multipart))
    assert posted.raw == ODD
    assert (posted.envelope_from, posted.envelope_to) == ("cleo@acme.example", ("support@desk.example",))


def test_sendgrids_mail_comes_as_it_is() -> None:
    posted = read(Provider.SENDGRID, sendgrid(ODD, "correct-horse"))
    assert (posted.raw, posted.envelope_to) == (ODD, ("support@desk.example",))
    again = read(Provider.SENDGRID, sendgrid(ODD, "correct-horse", envelope={"to": "odd", "from": ""}))
    assert (again.provider_id, again.envelope_from, again.envelope_to) == (posted.provider_id, "<>", ())


def test_postmarks_mail_comes_as_it_is() -> None:
    raw = "Subject: Grüße\r\n\r\nüber\n".encode()
    posted = read(Provider.POSTMARK, postmark(raw, "correct-horse", message_id="pm"))
    assert (posted.raw, posted.provider_id) == (raw, "pm")


@pytest.mark.parametrize(
    "post",
    [
        postmark(b"x", "wrong"),
        postmark(b"x", ""),
        dataclasses.replace(postmark(b"x", "correct-horse"), headers={}),
        dataclasses.replace(postmark(b"x", "correct-horse"), headers={"authorization": "Basic !!!"}),
        dataclasses.replace(postmark(b"x", "correct-horse"), headers={"authorization": "Bearer correct-horse"}),
        dataclasses.replace(postmark(b"x", "y"), headers={"authorization": basic("correct-horse", user="root")}),
    ],
)
def test_without_the_password_it_is_nobodys(post: Post) -> None:
    with pytest.raises(NotTheirs):
        read(Provider.POSTMARK, post)
    with pytest.raises(NotTheirs):
        read(Provider.SENDGRID, post)


def test_sendgrids_signature_is_asked_for_where_its_key_is_known() -> None:
    sendgrid_itself = SendGrid()
    keys = dataclasses.replace(KEYS, public_key=sendgrid_itself.public_key)
    post = sendgrid(ODD, "correct-horse")
    for at in (NOON, NOON - timedelta(hours=9)):
        assert read(Provider.SENDGRID, sendgrid_itself.signed(post, at=at), keys).raw == ODD
    signed = sendgrid_itself.signed(post)
    when, by = "x-twilio-email-event-webhook-timestamp", "x-twilio-email-event-webhook-signature"
    later = str(int(NOON.timestamp()) + 1)
    for refused in (
        post,
        SendGrid().signed(post),
        sendgrid_itself.signed(sendgrid(ODD, "wrong")),
        sendgrid_itself.signed(post, at=NOON - timedelta(hours=25)),
        sendgrid_itself.signed(post, at=NOON + timedelta(hours=1)),
        Post(signed.headers, signed.body.replace(b"odd", b"bad")),
        Post({**signed.headers, when: later}, signed.body),
        Post({**signed.headers, when: "soon"}, signed.body),
        Post({**signed.headers, by: "?"}, signed.body),
        Post({**signed.headers, by: ""}, signed.body),
    ):
        with pytest.raises(NotTheirs):
            read(Provider.SENDGRID, refused, keys)


def test_only_a_public_key_for_such_signatures_is_taken_for_one() -> None:
    assert is_public_key(SendGrid().public_key)
    rsa_key = Amazon().key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for text in ("", "MFkw", "é", "A" * 124, base64.b64encode(rsa_key).decode(), SendGrid().public_key[:-4]):
        assert not is_public_key(text)
        assert not is_signed_with(text, signed=b"x", signature="eA==")


def test_an_account_without_password_or_key_takes_nothing() -> None:
    with pytest.raises(NotTheirs):
        read(Provider.POSTMARK, postmark(b"x", ""), Keys())
    with pytest.raises(NotTheirs):
        read(Provider.MAILGUN, mailgun(b"x", key=""), Keys())


@pytest.mark.parametrize(
    "post",
    [
        mailgun(b"x", key="another"),
        mailgun(b"x", changes={"signature": ""}),
        mailgun(b"x", changes={"signature": "é" * 64}),
        mailgun(b"x", changes={"token": "another"}),
        mailgun(b"x", changes={"timestamp": str(int(NOON.timestamp()) + 1)}),
        mailgun(b"x", at=NOON - timedelta(hours=25)),
        mailgun(b"x", at=NOON + timedelta(hours=1)),
        urlencoded({}, {"body-mime": b"x"}),
    ],
)
def test_a_signature_that_does_not_fit_or_is_of_another_time_is_nobodys(post: Post) -> None:
    with pytest.raises(NotTheirs):
        read(Provider.MAILGUN, post)


def test_a_provider_tries_again_for_hours() -> None:
    assert read(Provider.MAILGUN, mailgun(b"x", at=NOON - timedelta(hours=9))).raw == b"x"


@pytest.mark.parametrize(
    ("provider", "post", "words"),
    [
        (Provider.POSTMARK, postmark(b"x", "correct-horse", RawEmail=""), "Include raw email content"),
        (Provider.POSTMARK, postmark(b"x", "correct-horse", RawEmail={"a": 1}), "Include raw email content"),
        (Provider.POSTMARK, Post({"authorization": basic("correct-horse")}, b"["), "no JSON"),
        (Provider.POSTMARK, Post({"authorization": basic("correct-horse")}, b"[]"), "no JSON"),
        (Provider.MAILGUN, mailgun(b""), "/mime"),
        (Provider.SENDGRID, sendgrid(b"", "correct-horse"), "raw, full MIME"),
        (Provider.SENDGRID, Post({"authorization": basic("correct-horse")}, b"x"), "no form"),
    ],
)
def test_a_post_without_raw_mail_says_what_to_change(provider: str, post: Post, words: str) -> None:
    with pytest.raises(PostUnreadable, match=words):
        read(provider, post)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"a", ""), (b"a", "text/plain"), (b"a", "multipart/form-data"), (b"a", 'multipart/form-data; boundary="b"')],
)
def test_what_is_no_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(FormUnreadable):
        form_fields(body, content_type)


def test_damaged_parts_of_a_form_are_passed_over() -> None:
    whole = multipart({"a": "1"}, {"b": b"2"})
    assert form_fields(whole.body, whole.headers["content-type"]) == {"a": b"1", "b": b"2"}
    odd = b"--xYzZY\r\nno colon\r\n\r\nx\r\n--xYzZY\r\nContent-Disposition: form-data\r\n\r\ny\r\n" + whole.body
    assert form_fields(odd, whole.headers["content-type"]) == {"a": b"1", "b": b"2"}
    many = b"&".join(b"n%d=1" % number for number in range(5000))
    assert len(form_fields(many, "application/x-www-form-urlencoded")) == 100


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("encoding", ["BASE64", "UTF-8"])
def test_amazons_mail_comes_as_it_is(amazon: Amazon, version: str, encoding: str) -> None:
    raw = ODD if encoding == "BASE64" else "Subject: Grüße\r\n\r\nüber".encode()
    post = amazon.mail(raw, message_id="ses", encoding=encoding, version=version)
    message = read_sns(post.body, topic=TOPIC, now=NOON, certificate_of=amazon.certificate)
    posted = mail_of(message, stored=no_bucket)
    assert (posted.raw, posted.provider_id, posted.envelope_to) == (raw, "ses", ("support@desk.example",))


@pytest.mark.parametrize(
    "changes",
    [
        {"Message": "another"},
        {"MessageId": "another"},
        {"Signature": "AAAA"},
        {"Signature": "!"},
        {"SignatureVersion": "3"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:mail-in"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:8443/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/a.txt"},
        {"SigningCertURL": "https://[::1/a.pem"},
        {"Type": "Other"},
        {"Timestamp": "yesterday"},
        {"Extra": 5},
    ],
    ids=str,
)
def test_what_amazon_did_not_sign_is_nobodys(amazon: Amazon, changes: dict[str, object]) -> None:
    said = json.loads(amazon.mail(b"x").body) | changes
    with pytest.raises(NotTheirs):
        read_sns(json.dumps(said).encode(), topic=TOPIC, now=NOON, certificate_of=amazon.certificate)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"[" * 100_000])
def test_what_is_no_message_is_nobodys(amazon: Amazon, body: bytes) -> None:
    with pytest.raises(NotTheirs):
        read_sns(body, topic=TOPIC, now=NOON, certificate_of=amazon.certificate)


def test_a_message_signed_long_ago_or_by_another_key_is_nobodys(amazon: Amazon) -> None:
    post = amazon.mail(b"x")
    for when, signer in ((NOON + timedelta(days=2), amazon), (NOON, Amazon()), (NOON + timedelta(days=31), amazon)):
        with pytest.raises(NotTheirs):
            read_sns(post.body, topic=TOPIC, now=when, certificate_of=signer.certificate)


def test_a_certificate_is_fetched_once_and_trouble_is_not_remembered(amazon: Amazon) -> None:
    fetched: list[str] = []

    def fetch_one(url: str) -> bytes:
        fetched.append(url)
        if len(fetched) == 1:
            raise HttpTrouble("Amazon is away.")
        return amazon.certificate()

    certificates = Certificates(fetch_one)
    post = amazon.mail(b"x")
    with pytest.raises(SnsAway, match="Amazon is away"):
        read_sns(post.body, topic=TOPIC, now=NOON, certificate_of=certificates)
    for _ in range(3):
        read_sns(post.body, topic=TOPIC, now=NOON, certificate_of=certificates)
    assert fetched == [CERTIFICATE_URL] * 2


def without(**changes: object) -> str:
    """A notification of SES about a mail, but for one thing."""
    said: dict[str, object] = {
        "notificationType": "Received",
        "mail": {"messageId": "a", "source": "cleo@acme.example"},
        "receipt": {"recipients": [], "action": {"type": "SNS", "encoding": "BASE64"}},
        "content": "eA==",
    }
    return json.dumps(said | changes)


@pytest.mark.parametrize(
    "message",
    [
        "{}",
        "[]",
        "x",
        "[" * 100_000,
        without(notificationType="Delivery"),
        without(mail={}),
        without(mail="a"),
        without(receipt=None),
        without(receipt={"recipients": "a"}),
        without(content=""),
        without(content=5),
        without(content="?"),
        without(content=None, receipt={"recipients": [], "action": {"type": "S3", "bucketName": "", "objectKey": "a"}}),
        without(content=None, receipt={"recipients": [], "action": {"type": "S3", "bucketName": ["b"]}}),
        without(content=None, receipt={"recipients": [], "action": "S3"}),
    ],
)
def test_a_notification_without_mail_says_what_to_change(amazon: Amazon, message: str) -> None:
    read_message = read_sns(amazon.post(message).body, topic=TOPIC, now=NOON, certificate_of=amazon.certificate)
    with pytest.raises(PostUnreadable, match="receipt rule"):
        mail_of(read_message, stored=no_bucket)


def test_a_subscription_is_confirmed_at_amazon_alone(amazon: Amazon) -> None:
    post = amazon.post("Confirm?", kind="SubscriptionConfirmation")
    message = read_sns(post.body, topic=TOPIC, now=NOON, certificate_of=amazon.certificate)
    assert address_to_confirm(message, TOPIC) == "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    with pytest.raises(NotTheirs):
        address_to_confirm(dataclasses.replace(message, subscribe_url="https://evil.example/?"), TOPIC)


@pytest.mark.parametrize(("text", "is_one"), [(TOPIC, True), ("", False), ("arn:aws:sqs:eu-west-1:1:x", False)])
def test_a_topic_is_told_from_other_things(text: str, is_one: bool) -> None:
    assert is_topic(text) is is_one
