"""Which parts are the message and which are its files.

The text and the HTML are both kept; several inline parts stay in their order; nested messages stay
.eml files; a part that claims to be text but is named or attached is a file (RFC 2046, RFC 2183), and
also the message where the mail has no other.
"""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from deskhand.core.text_from_html import text_from_html
from deskhand.mail.message import Attachment
from deskhand.mail.parsing.charsets import decode
from deskhand.mail.parsing.flowed import unflow
from deskhand.mail.parsing.headers import decode_words
from deskhand.mail.parsing.parameters import file_name, safe_name
from deskhand.mail.parsing.structure import Part
from deskhand.mail.parsing.tnef import TYPES as TNEF_TYPES
from deskhand.mail.parsing.tnef import unwrap
from deskhand.mail.parsing.transfer import decode_transfer, split_uuencoded

NOT_SHOWN = frozenset({"text/x-amp-html", "text/watch-html"})
ENRICHED = frozenset({"text/enriched", "text/richtext"})
SHOWN = frozenset({"text/plain", "text/html", *ENRICHED})
READABLE = frozenset({*SHOWN, "text/markdown", "text/x-markdown"})
EXTENSIONS = {
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/x-vcard": ".vcf",
    "text/vcard": ".vcf",
}
SUBJECT = re.compile(rb"(?im)^subject:[ \t]*([^\r\n]{1,400}(?:\r?\n[ \t][^\r\n]{1,400}){0,4})")
CID = re.compile(r"cid:([^\s\"'<>)]{1,300})", re.IGNORECASE)
BODY_CUT = "The text of the mail is longer than is shown; all of it is in the original."
BODY_DAMAGED = "The text of the mail was damaged on its way: parts of it could not be decoded."


@dataclass(slots=True)
class Segment:
    """One stretch of the message: its plain form, its HTML form, or both."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class _File:
    name: str
    part_type: str
    content: bytes
    content_id: str = ""
    problem: str = ""
    undecoded: bytes = b""


@dataclass(slots=True)
class Contents:
    """The message and the files of a mail."""

    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    problems: list[str] = field(default_factory=list)


class ContentReader:
    """Collects the message and the files from a tree of parts."""

    def __init__(self, raw: bytes, *, hint: str, body_chars: int) -> None:
        self.raw = raw
        self.hint = hint
        self.body_chars = body_chars
        self.files: list[_File] = []
        self.wrapped_text = ""
        self.problems: list[str] = []
        self.named_texts: list[Part] = []

    def read(self, root: Part) -> Contents:
        """The contents of the whole tree."""
        segments = [one for one in self._segments(root) if one.plain.strip() or one.html.strip()]
        segments = segments or self._named_message() or [Segment(self.wrapped_text)]
        text = "\n".join(one.plain if one.plain.strip() else text_from_html(one.html) for one in segments)
        markup = ""
        if any(one.html.strip() for one in segments):
            markup = "\n".join(one.html if one.html.strip() else _as_html(one.plain) for one in segments)
        if max(len(text), len(markup)) > self.body_chars:
            self.problems.append(BODY_CUT)
        shown = {unquote(cid).strip("<>").lower() for cid in CID.findall(markup)}
        files = tuple(_attachment(one, shown, index) for index, one in enumerate(self.files, 1))
        return Contents(text[: self.body_chars], markup[: self.body_chars], files, self.problems)

    def _segments(self, part: Part) -> list[Segment]:
        if part.children:
            inner = [segment for child in _shown(part) for segment in self._segments(child)]
            if part.media_type == "multipart/alternative" and len(inner) > 1:
                plain = "\n".join(one.plain for one in inner if one.plain.strip())
                return [Segment(plain, "\n".join(one.html for one in inner if one.html.strip()))]
            return inner
        if _is_file(part):
            self._keep(part)
            if part.media_type in READABLE and part.disposition.value != "attachment":
                self.named_texts.append(part)
            return []
        if part.media_type in NOT_SHOWN:
            return []
        return [self._body(part)]

    def _named_message(self) -> list[Segment]:
        """The message of a mail in which every text is a file: its first one, with its alternatives; shown as well."""
        first = self.named_texts[:1]
        if first and first[0].container == "multipart/alternative":
            first += [one for one in self.named_texts[1:] if one.media_type == "text/html"][:1]
        bodies = [self._body(one) for one in first]
        return [Segment("".join(one.plain for one in bodies), "".join(one.html for one in bodies))] if bodies else []

    def _body(self, part: Part) -> Segment:
        data, problem = self._decoded(part)
        if problem and BODY_DAMAGED not in self.problems:
            self.problems.append(BODY_DAMAGED)
        is_html = part.media_type == "text/html"
        if not is_html:
            data, files = split_uuencoded(data)
            self.files += [_File(safe_name(name), "application/octet-stream", content) for name, content in files]
        text = decode(data, part.content.get("charset"), hint=self.hint, is_html=is_html)
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        if is_html:
            return Segment(html=text)
        if part.content.get("format").lower() == "flowed":
            text = unflow(text, is_space_deleted=part.content.get("delsp").lower() == "yes")
        return Segment(plain=text)

    def _decoded(self, part: Part) -> tuple[bytes, str]:
        return decode_transfer(self.raw[part.body_start : part.end], part.headers.get("content-transfer-encoding"))

    def _keep(self, part: Part) -> None:
        content, problem = self._decoded(part)
        name = file_name(part.disposition, part.content)
        if part.media_type == "message/rfc822" and not name:
            name = _nested_name(content)
        content_id = part.headers.get("content-id").strip('<> \t"')
        location = "" if name else safe_name(unquote(decode_words(part.headers.get("content-location"))))
        undecoded = self.raw[part.body_start : part.end] if problem else b""
        self.files.append(_File(name or location, part.media_type, content, content_id, problem, undecoded))
        if part.media_type in TNEF_TYPES or name.lower() == "winmail.dat":
            inside = unwrap(content)
            self.files += [_File(inner, "application/octet-stream", data) for inner, data in inside.files]
            self.wrapped_text = self.wrapped_text or inside.text


def _shown(part: Part) -> list[Part]:
    """The parts to read: enriched text is left out where the same stands beside it as plain text or HTML."""
    if part.media_type != "multipart/alternative":
        return part.children
    return [one for one in part.children if one.media_type not in ENRICHED] or part.children


def _is_file(part: Part) -> bool:
    if part.media_type not in SHOWN | NOT_SHOWN:
        return True
    if part.disposition.value == "attachment":
        return True
    return bool(file_name(part.disposition, part.content))


def _nested_name(content: bytes) -> str:
    found = SUBJECT.search(content[:65536])
    subject = safe_name(decode_words(decode(b" ".join(found[1].split())))) if found else ""
    return f"{subject[:120].rstrip(' .') or 'message'}.eml"


def _attachment(one: _File, shown: set[str], index: int) -> Attachment:
    name = one.name or f"attachment-{index}{EXTENSIONS.get(one.part_type, '')}"
    is_inline = bool(one.content_id) and one.content_id.lower() in shown
    return Attachment(name, one.part_type, one.content, one.content_id, is_inline, one.problem, one.undecoded)


def _as_html(plain: str) -> str:
    return f"<div>{html.escape(plain.strip(), quote=False)}</div>".replace("\n", "<br>\n")
