"""A first look at raw mail: what the log shows and what makes it the same mail, before it is parsed.

Only the header block is read, so that storing a mail stays cheap. Never raises.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from deskhand.core.text import one_line, shorten, storable
from deskhand.mail.message import Address, Headers
from deskhand.mail.parsing.addresses import read_addresses
from deskhand.mail.parsing.headers import decode_words, header_end, make_headers, read_fields
from deskhand.mail.parsing.identifiers import read_identifiers
from deskhand.mail.parsing.limits import DEFAULT_LIMITS
from deskhand.mail.parsing.reading import read_date

SUBJECT_LIMIT = 1000
ADDRESS_LIMIT = 254
SHOWN_RECIPIENTS = 20
CHUNK_BYTES = 256 * 1024
_TELLING = ("from", "date", "subject")
_TELLING_WITHOUT_ID = ("sender", "reply-to", "to", "cc", "in-reply-to", "references")


@dataclass(frozen=True)
class FirstLook:
    """What the header block says, ready to be stored."""

    from_address: str
    from_name: str
    to_line: str
    subject: str
    message_id: str
    sent_at: datetime | None
    content_hash: str


def look_at(raw: bytes) -> FirstLook:
    """Return what the log shows of a mail and the hash that tells whether it came before."""
    headers, body_start = _headers_of(raw)
    sender = sender_of(headers)
    message_id = "".join(read_identifiers(headers.get("message-id"), 1))
    return FirstLook(
        from_address=sender.address,
        from_name=one_line(sender.name)[:200],
        to_line=_recipients(headers),
        subject=shorten(decode_words(headers.get("subject")), SUBJECT_LIMIT),
        message_id=storable(message_id),
        sent_at=read_date(headers.get("date")),
        content_hash=_hash(headers, message_id, raw, body_start),
    )


def return_path_of(raw: bytes) -> str:
    """Return the envelope's sender as the last server wrote it down: "<>" for the null path, empty for none."""
    value = _headers_of(raw)[0].get("return-path").strip()
    if value == "<>":
        return value
    return next((one.address for one in read_addresses(value, 1) if is_usable(one.address)), "")


def sender_of(headers: Headers) -> Address:
    """Return who a mail says it is from: From, else Sender, else Reply-To; empty without a usable address."""
    for name in ("from", "sender", "reply-to"):
        for one in read_addresses(headers.get(name), 5):
            if is_usable(one.address):
                return Address(one.name, one.address.lower())
    return Address("", "")


def is_usable(address: str) -> bool:
    """Return whether a person could be known by this address."""
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and len(address) <= ADDRESS_LIMIT and one_line(address) == address


def _headers_of(raw: bytes) -> tuple[Headers, int]:
    """The header block, and where the body begins."""
    limit = DEFAULT_LIMITS.header_bytes
    end, body_start = header_end(raw[:limit], 0, min(len(raw), limit))
    return make_headers(read_fields(raw[:end]), DEFAULT_LIMITS.field_chars), body_start


def _recipients(headers: Headers) -> str:
    found = [
        one.address
        for name in ("to", "cc")
        for value in headers.get_all(name)
        for one in read_addresses(value, SHOWN_RECIPIENTS)
        if one.address
    ]
    return one_line(", ".join(found[:SHOWN_RECIPIENTS]))


def _hash(headers: Headers, message_id: str, raw: bytes, body_start: int) -> str:
    """Hash what stays the same on every way here.

    With no Message-ID, alike mails of the same second may be two: a form's of two visitors, the same answer in two
    tickets. So all that says from whom, to whom and to what counts then. With no Date either everything does, trace
    fields included, so that only a repeated delivery is the same.
    """
    digest = hashlib.sha256()
    if message_id or headers.get("date"):
        names = _TELLING if message_id else (*_TELLING, *_TELLING_WITHOUT_ID)
        for part in (message_id, *("\n".join(headers.get_all(name)) for name in names)):
            digest.update(part.encode("utf-8", "replace") + b"\x00")
    start = body_start if message_id or headers.get("date") else 0
    end = len(raw.rstrip(b"\r\n"))
    for at in range(start, end, CHUNK_BYTES):
        # Line ends differ from way to way: only the LF of each counts.
        digest.update(raw[at : min(at + CHUNK_BYTES, end)].replace(b"\r", b""))
    return digest.hexdigest()
