"""Fetching one object from Amazon S3: where Amazon SES puts mail that is too large for a message of SNS.

One signed GET (AWS Signature Version 4) is all that is needed, so no library of Amazon's is. Bucket and object are
named in the path, which fits every bucket's name; a bucket of another region says which, and is asked once more there.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from deskhand.core.http import Answer, HttpTrouble, Limits, fetch
from deskhand.mail.parsing import DEFAULT_LIMITS

LIMITS = Limits(seconds=12, body_bytes=DEFAULT_LIMITS.message_bytes)
"""Amazon SNS waits 15 seconds for the answer to its post."""
_EMPTY = hashlib.sha256().hexdigest()
_REGION = re.compile(r"^[a-z0-9-]{1,40}$")
_CODE = re.compile(rb"<Code>([A-Za-z0-9.]{1,60})</Code>")
_ENCRYPTED = ("x-amz-meta-x-amz-key", "x-amz-meta-x-amz-key-v2")
_OK = 200


@dataclass(frozen=True)
class AccessKey:
    """What Amazon gives to who may read the bucket. `secret` is one."""

    id: str
    secret: str


def endpoint(region: str) -> str:
    """Return where S3 answers for a region."""
    return f"https://s3.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")


def fetch_object(bucket: str, name: str, *, key: AccessKey, region: str, at: datetime) -> bytes:
    """Return the bytes of an object. Raises HttpTrouble, in words for who set the bucket up."""
    answer = _asked(bucket, name, key, region, at)
    elsewhere = answer.headers.get("x-amz-bucket-region", region)
    if answer.status != _OK and elsewhere != region and _REGION.match(elsewhere):
        answer = _asked(bucket, name, key, elsewhere, at)
    if answer.status != _OK:
        code = _CODE.search(answer.body)
        said = f"{answer.status} {code[1].decode()}" if code else str(answer.status)
        raise HttpTrouble(f"Amazon S3 answered {said} when asked for the mail {name} in the bucket {bucket}.")
    if any(field in answer.headers for field in _ENCRYPTED):
        raise HttpTrouble("The mail is encrypted. Switch off “Message encryption” in the rule's action for S3.")
    return answer.body


def _asked(bucket: str, name: str, key: AccessKey, region: str, at: datetime) -> Answer:
    url = f"{endpoint(region)}/{quote(bucket, safe='')}/{quote(name, safe='/~')}"
    return fetch(url, headers=signed_headers(url, key=key, region=region, at=at), limits=LIMITS)


def signed_headers(
    url: str, *, key: AccessKey, region: str, at: datetime, headers: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the header fields of a signed GET of `url`, which has no query; `headers` (lower case) are signed too."""
    parts = urlsplit(url)
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    fields = {**(headers or {}), "host": parts.netloc, "x-amz-content-sha256": _EMPTY, "x-amz-date": stamp}
    names = ";".join(sorted(fields))
    lines = [f"{name}:{fields[name]}" for name in sorted(fields)]
    request = "\n".join(["GET", parts.path, "", *lines, "", names, _EMPTY])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = hmac.new(_signing_key(key, scope), to_sign.encode(), hashlib.sha256).hexdigest()
    said = f"AWS4-HMAC-SHA256 Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    del fields["host"]  # every call has it already
    return {**fields, "authorization": said}


def _signing_key(key: AccessKey, scope: str) -> bytes:
    made = f"AWS4{key.secret}".encode()
    for part in scope.split("/"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made
