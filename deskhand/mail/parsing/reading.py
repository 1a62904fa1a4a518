"""The whole way from raw bytes to a `ParsedMail`."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from deskhand.mail.auto_replies import read_flags
from deskhand.mail.bounces import find_bounce
from deskhand.mail.message import Address, Headers, ParsedMail
from deskhand.mail.parsing.addresses import read_addresses
from deskhand.mail.parsing.bodies import ContentReader, Contents
from deskhand.mail.parsing.headers import charset_hint, decode_words, header_end, make_headers, read_fields
from deskhand.mail.parsing.identifiers import read_identifiers
from deskhand.mail.parsing.limits import DEFAULT_LIMITS, Limits
from deskhand.mail.parsing.structure import Part, TreeReader
from deskhand.mail.parsing.tnef import TYPES as TNEF_TYPES

TOO_LARGE = "The mail is larger than is read; only its header is shown, and what came of it is in the original."
UNREADABLE = "The mail could not be read; all of it is in the original."
LEADING_JUNK = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*(?:>?From (?!:)[^\r\n]*\r?\n)?")


def parse(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedMail:
    """Read a mail. Never raises: what cannot be read is left out and named in `problems`."""
    try:
        return _parse(raw, limits)
    except Exception as error:  # noqa: BLE001 - a mail is never lost to a fault of ours
        return ParsedMail(problems=(UNREADABLE, f"{type(error).__name__}"))


def parse_header(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> ParsedMail:
    """Read the header of a mail alone, of which nothing else could be read."""
    raw = _without_junk(raw[: limits.header_bytes])
    end, _ = header_end(raw, 0, len(raw))
    headers = make_headers(read_fields(raw[:end]), limits.field_chars)
    return _mail(headers, Contents(), "", limits, [UNREADABLE])


def _parse(raw: bytes, limits: Limits) -> ParsedMail:
    raw = _without_junk(raw)
    is_too_large = len(raw) > limits.message_bytes
    if is_too_large:
        raw = raw[: header_end(raw[: limits.header_bytes], 0, limits.header_bytes)[1]]
    reader = TreeReader(raw, limits)
    root = reader.read()
    hint = charset_hint(value for name, value in root.headers if name.lower() in {"subject", "from"})
    contents = Contents() if is_too_large else _contents(raw, root, hint or _labelled(root), limits)
    problems = [*([TOO_LARGE] if is_too_large else []), *reader.problems, *contents.problems]
    return _mail(root.headers, contents, hint, limits, problems)


def _contents(raw: bytes, root: Part, hint: str, limits: Limits) -> Contents:
    return ContentReader(raw, hint=hint, body_chars=limits.body_chars).read(root)


def _mail(headers: Headers, contents: Contents, hint: str, limits: Limits, problems: list[str]) -> ParsedMail:
    subject = decode_words(headers.get("subject"), hint)
    from_ = _addresses(headers, "from", hint, limits)
    flags = read_flags(headers, subject)
    references = read_identifiers(" ".join(headers.get_all("references")), limits.references)
    return ParsedMail(
        subject=subject,
        from_=from_,
        sender=_addresses(headers, "sender", hint, limits),
        to=_mailboxes(headers, "to", hint, limits),
        cc=_mailboxes(headers, "cc", hint, limits),
        reply_to=_mailboxes(headers, "reply-to", hint, limits),
        date=read_date(headers.get("date")),
        message_id="".join(read_identifiers(headers.get("message-id"), 1)),
        in_reply_to=read_identifiers(headers.get("in-reply-to"), limits.references),
        references=references,
        text=contents.text,
        html=contents.html,
        attachments=contents.attachments,
        headers=headers,
        is_auto_reply=flags.is_auto_reply,
        suppress_response=flags.suppress_response,
        bounce=find_bounce(headers, subject, from_, contents.text, contents.attachments),
        has_tnef=any(one.content_type in TNEF_TYPES for one in contents.attachments),
        problems=tuple(problems),
    )


def read_date(value: str) -> datetime | None:
    """The moment a Date field names, in UTC; None when it names none."""
    try:
        found = parsedate_to_datetime(value)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _addresses(headers: Headers, name: str, hint: str, limits: Limits) -> tuple[Address, ...]:
    found: list[Address] = []
    for value in headers.get_all(name):
        found += read_addresses(value, limits.recipients - len(found), hint)
    return tuple(found)


def _mailboxes(headers: Headers, name: str, hint: str, limits: Limits) -> tuple[Address, ...]:
    return tuple(one for one in _addresses(headers, name, hint, limits) if one.address)


def _labelled(part: Part) -> str:
    """The charset the first text part names."""
    own = part.content.get("charset")
    return own or next((name for name in map(_labelled, part.children) if name), "")


def _without_junk(raw: bytes) -> bytes:
    """The mail without a mark, blank lines or an mbox line before it, and without doubled CRs."""
    raw = raw[found.end() :] if (found := LEADING_JUNK.match(raw)) else raw
    return raw.replace(b"\r\r\n", b"\r\n") if b"\r\r\n" in raw[:4096] else raw
