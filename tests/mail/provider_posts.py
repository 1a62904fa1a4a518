"""Posting mail as the providers do."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote_from_bytes, urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from deskhand.mail.posts import Post
from tests.cast import NOON

SIGNING_KEY = "key-0123456789"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail-in"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc.pem"
_numbers = count(1)


def basic(password: str, user: str = "desk") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def postmark(raw: bytes, password: str, *, message_id: str = "", **changes: object) -> Post:
    said = {"MessageID": message_id or f"pm-{next(_numbers)}", "OriginalRecipient": "support@desk.example"}
    body = json.dumps({**said, "RawEmail": raw.decode("utf-8"), "From": "x@y", **changes})
    return Post({"authorization": basic(password), "content-type": "application/json"}, body.encode())


def mailgun(
    raw: bytes,
    *,
    key: str = SIGNING_KEY,
    at: datetime = NOON,
    token: str = "",
    as_multipart: bool = False,
    changes: Mapping[str, str] | None = None,
) -> Post:
    token = token or f"{next(_numbers):050d}"
    stamp = str(int(at.timestamp()))
    fields = {
        "recipient": "support@desk.example",
        "sender": "cleo@acme.example",
        "timestamp": stamp,
        "token": token,
        "signature": hmac.new(key.encode(), (stamp + token).encode(), hashlib.sha256).hexdigest(),
    }
    fields |= dict(changes or {})
    return multipart(fields, {"body-mime": raw}) if as_multipart else urlencoded(fields, {"body-mime": raw})


def sendgrid(raw: bytes, password: str, *, envelope: object = None) -> Post:
    said = envelope if envelope is not None else {"to": ["support@desk.example"], "from": "cleo@acme.example"}
    post = multipart({"envelope": json.dumps(said), "subject": "anything"}, {"email": raw})
    return Post({**post.headers, "authorization": basic(password)}, post.body)


@dataclass
class SendGrid:
    """Signs posts as SendGrid does by a security policy."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    def signed(self, post: Post, *, at: datetime = NOON) -> Post:
        stamp = str(int(at.timestamp()))
        signature = self.key.sign(stamp.encode() + post.body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "x-twilio-email-event-webhook-timestamp": stamp,
            "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        }
        return Post({**post.headers, **headers}, post.body)


def urlencoded(fields: Mapping[str, str], raws: Mapping[str, bytes]) -> Post:
    parts = [urlencode(fields), *(f"{name}={quote_from_bytes(raw)}" for name, raw in raws.items())]
    return Post({"content-type": "application/x-www-form-urlencoded"}, "&".join(parts).encode())


def multipart(fields: Mapping[str, str], raws: Mapping[str, bytes], boundary: str = "xYzZY") -> Post:
    parts = {name: value.encode() for name, value in fields.items()} | dict(raws)
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary.encode(), name.encode(), value)
        for name, value in parts.items()
    )
    headers = {"content-type": f'multipart/form-data; boundary="{boundary}"'}
    return Post(headers, body + f"--{boundary}--\r\n".encode())


@dataclass
class Amazon:
    """Signs messages as Amazon SNS does, with a certificate of its own."""

    at: datetime = NOON
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def certificate(self, url: str = CERTIFICATE_URL) -> bytes:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(self.at - timedelta(days=30))
            .not_valid_after(self.at + timedelta(days=30))
            .sign(self.key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)

    def post(self, message: str, *, kind: str = "Notification", version: str = "2", **changes: str) -> Post:
        """Return a signed post; `changes` are made before signing."""
        said = {
            "Type": kind,
            "MessageId": f"sns-{next(_numbers)}",
            "TopicArn": TOPIC,
            "Message": message,
            "Timestamp": f"{self.at:%Y-%m-%dT%H:%M:%S}.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
        }
        if kind != "Notification":
            said |= {
                "Token": "t" * 64,
                "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
            }
        said |= changes
        return Post({"content-type": "text/plain"}, json.dumps({**said, "Signature": self._signature(said)}).encode())

    def mail(self, raw: bytes, *, message_id: str = "", encoding: str = "BASE64", version: str = "2") -> Post:
        content = base64.b64encode(raw).decode() if encoding == "BASE64" else raw.decode()
        said = {
            "notificationType": "Received",
            "mail": {"messageId": message_id or f"ses-{next(_numbers)}", "source": "cleo@acme.example"},
            "receipt": {"recipients": ["support@desk.example"], "action": {"type": "SNS", "encoding": encoding}},
            "content": content,
        }
        return self.post(json.dumps(said), version=version)

    def stored(self, bucket: str, name: str, *, message_id: str = "ses-stored") -> Post:
        """Return a post about a mail that the rule put into S3."""
        said = {
            "notificationType": "Received",
            "mail": {"messageId": message_id, "source": "cleo@acme.example"},
            "receipt": {
                "recipients": ["support@desk.example"],
                "action": {"type": "S3", "topicArn": TOPIC, "bucketName": bucket, "objectKey": name},
            },
        }
        return self.post(json.dumps(said))

    def _signature(self, said: dict[str, str]) -> str:
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
        algorithm = hashes.SHA1() if said["SignatureVersion"] == "1" else hashes.SHA256()
        return base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), algorithm)).decode()
