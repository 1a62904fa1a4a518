"""Messages of Amazon SNS, by which Amazon SES hands mail over: signed by Amazon, about one topic."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from deskhand.core.http import HttpTrouble, Limits, fetch
from deskhand.mail.posts import NotTheirs, require_fresh

CALL_LIMITS = Limits(seconds=10, body_bytes=64 * 1024)
MOST_CERTIFICATES = 20
_HOST = re.compile(r"^sns\.([a-z0-9-]{1,40})\.amazonaws\.com(?:\.cn)?$")
_TOPIC = re.compile(r"^arn:aws[a-z-]{0,10}:sns:([a-z0-9-]{1,40}):\d{12}:[A-Za-z0-9_.-]{1,256}$")
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SUBSCRIPTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    "Notification": _NOTIFICATION,
    "SubscriptionConfirmation": _SUBSCRIPTION,
    "UnsubscribeConfirmation": _SUBSCRIPTION,
}
_HASHES = {"1": SHA1, "2": SHA256}  # Amazon signs with SHA-1 unless the topic says SignatureVersion 2
_OK = 200

CertificateOf = Callable[[str], bytes]
"""From an address of Amazon's to a certificate (PEM). Raises HttpTrouble."""


class SnsAway(Exception):
    """Amazon could not be asked; the same message can be taken later. The message says why."""


@dataclass(frozen=True)
class SnsMessage:
    """A message proven to be Amazon's and about the topic."""

    kind: str
    body: str
    subscribe_url: str


def is_topic(text: str) -> bool:
    """Whether this is the ARN of a topic."""
    return bool(_TOPIC.match(text))


class Certificates:
    """Amazon's certificates, fetched once each. They change about once a year, and keep their address for life."""

    def __init__(self, fetch_one: CertificateOf) -> None:
        self._fetch_one = fetch_one
        self._known: dict[str, bytes] = {}

    def __call__(self, url: str) -> bytes:
        """Return the certificate at an address. Raises HttpTrouble."""
        if url not in self._known:
            if len(self._known) >= MOST_CERTIFICATES:
                self._known.clear()
            self._known[url] = self._fetch_one(url)
        return self._known[url]


def _fetched(url: str) -> bytes:
    answer = fetch(url, limits=CALL_LIMITS)
    if answer.status != _OK:
        raise HttpTrouble(f"Amazon answered {answer.status} when asked for its certificate.")
    return answer.body


certificates = Certificates(_fetched)


def read_sns(body: bytes, *, topic: str, now: datetime, certificate_of: CertificateOf = certificates) -> SnsMessage:
    """Return the message in a post, proven to be Amazon's. Raises NotTheirs, SnsAway."""
    said = _read(body)
    kind = said.get("Type", "")
    if kind not in _SIGNED or said.get("TopicArn") != topic:
        raise NotTheirs("The post is not about the topic named here.")
    _require_signature(said, topic, now, certificate_of)
    require_fresh(_moment(said.get("Timestamp", "")), now)
    return SnsMessage(kind, said.get("Message", ""), said.get("SubscribeURL", ""))


def region_of(topic: str) -> str:
    """Return the region of a topic, empty where it is none."""
    found = _TOPIC.match(topic)
    return found[1] if found else ""


def address_to_confirm(message: SnsMessage, topic: str) -> str:
    """Return the address that confirms a subscription, which has to be Amazon's own. Raises NotTheirs."""
    _require_amazon(message.subscribe_url, topic)
    return message.subscribe_url


def _read(body: bytes) -> dict[str, str]:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotTheirs("The post is no message of Amazon SNS.") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise NotTheirs("The post is no message of Amazon SNS.")
    return said


def _require_signature(said: dict[str, str], topic: str, now: datetime, certificate_of: CertificateOf) -> None:
    url = said.get("SigningCertURL", "")
    _require_amazon(url, topic)
    if not urlsplit(url).path.endswith(".pem"):
        raise NotTheirs("The post names a certificate that is not Amazon's.")
    try:
        certificate = x509.load_pem_x509_certificate(certificate_of(url))
        key, signature = certificate.public_key(), base64.b64decode(said.get("Signature", ""), validate=True)
    except HttpTrouble as error:
        raise SnsAway(str(error)) from error
    except (ValueError, binascii.Error) as error:
        raise NotTheirs("The signature cannot be read.") from error
    algorithm = _HASHES.get(said.get("SignatureVersion", ""))
    is_in_time = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    if algorithm is None or not isinstance(key, rsa.RSAPublicKey) or not is_in_time:
        raise NotTheirs("The signature is of a kind that Amazon does not use.")
    try:
        key.verify(signature, _signed_text(said), padding.PKCS1v15(), algorithm())
    except InvalidSignature as error:
        raise NotTheirs("The signature does not fit.") from error


def _signed_text(said: dict[str, str]) -> bytes:
    names = [name for name in _SIGNED[said["Type"]] if name in said]
    return "".join(f"{name}\n{said[name]}\n" for name in names).encode()


def _require_amazon(url: str, topic: str) -> None:
    """Raise NotTheirs unless the address is that of SNS in the topic's region."""
    try:
        parts = urlsplit(url)
        found = _HOST.match(parts.hostname or "")
        is_plain = parts.scheme == "https" and parts.port in {None, 443} and "@" not in parts.netloc
    except ValueError:
        found, is_plain = None, False
    if not found or found[1] != region_of(topic) or not is_plain:
        raise NotTheirs("The post names an address that is not Amazon's.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise NotTheirs("The post does not say when it was signed.") from error
