"""Mail that Amazon SES received: in a message of SNS itself, or stored in S3 where the message says."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from deskhand.mail.posts import PostedMail, PostUnreadable
from deskhand.mail.sns import SnsMessage

Stored = Callable[[str, str], bytes]
"""From a bucket and the name of an object to its bytes."""


def mail_of(message: SnsMessage, *, stored: Stored) -> PostedMail:
    """Return the mail that a message is about. Raises PostUnreadable where neither holds it, and what `stored` does."""
    said = _read(message.body)
    mail, receipt = said.get("mail"), said.get("receipt")
    if said.get("notificationType") != "Received" or not isinstance(mail, dict) or not isinstance(receipt, dict):
        raise _without_mail()
    provider_id, recipients = mail.get("messageId"), receipt.get("recipients")
    if not isinstance(provider_id, str) or not isinstance(recipients, list):
        raise _without_mail()
    return PostedMail(
        provider_id=provider_id[:200],
        raw=_raw(said.get("content"), receipt.get("action"), stored),
        envelope_from=str(mail.get("source") or "<>"),
        envelope_to=tuple(str(one) for one in recipients),
    )


def _raw(content: object, action: object, stored: Stored) -> bytes:
    how: Mapping[str, Any] = action if isinstance(action, dict) else {}
    bucket, name = how.get("bucketName"), how.get("objectKey")
    if how.get("type") == "S3" and isinstance(bucket, str) and isinstance(name, str) and bucket and name:
        return stored(bucket, name)
    raw = _decoded(content, str(how.get("encoding", ""))) if isinstance(content, str) else b""
    if not raw:
        raise _without_mail()
    return raw


def _decoded(content: str, encoding: str) -> bytes:
    try:
        return base64.b64decode(content) if encoding.upper() == "BASE64" else content.encode("utf-8", "replace")
    except ValueError as error:
        raise _without_mail() from error


def _read(body: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _without_mail() from error
    return said if isinstance(said, dict) else {}


def _without_mail() -> PostUnreadable:
    return PostUnreadable(
        "The message holds no mail. Let an action of the receipt rule publish it to the topic, with encoding Base64, "
        "or store it in S3 and tell the topic."
    )
