"""Which files of a message travel in the mail, and which are linked."""

import re
from dataclasses import dataclass

from django.conf import settings

from deskhand.files.models import File
from deskhand.tickets.models import Message

ATTACHED_BYTES = 10_000_000
"""As much as travels in one mail: base64 adds a third, and many servers refuse more than 15 to 20 MB."""
_SHOWN = re.compile(r"""(["'])/files/([A-Za-z0-9_-]{22})(?:/inline)?\1""")


@dataclass(frozen=True)
class OutgoingFiles:
    """The files of one message: shown in the text, attached, or too large and linked."""

    shown: tuple[File, ...]
    attached: tuple[File, ...]
    linked: tuple[File, ...]


def files_of(message: Message) -> OutgoingFiles:
    """Return how each file of a message travels; the same answer whenever it is asked. One query."""
    shown: list[File] = []
    attached: list[File] = []
    linked: list[File] = []
    left = ATTACHED_BYTES
    for row in message.attachments.select_related("file").order_by("id"):
        if row.file.size_bytes > left:
            linked.append(row.file)
            continue
        left -= row.file.size_bytes
        (shown if row.is_inline and row.file.is_picture else attached).append(row.file)
    return OutgoingFiles(tuple(shown), tuple(attached), tuple(linked))


def content_id(file: File) -> str:
    """Return the Content-ID, without brackets, by which the HTML shows a picture (RFC 2392)."""
    return f"{file.public_id}@{settings.MAIL_DOMAIN}"


def address_of(file: File) -> str:
    """Return the address where the file can be downloaded after signing in."""
    return f"{settings.PORTAL_URL}{file.url}"


def with_outside_addresses(html: str, files: OutgoingFiles) -> str:
    """Return the HTML with its pictures pointing into the mail, and all other files of ours at full addresses."""
    shown = {file.public_id: file for file in files.shown}

    def outside(found: re.Match[str]) -> str:
        quote, public_id = found.groups()
        if public_id in shown:
            return f"{quote}cid:{content_id(shown[public_id])}{quote}"
        return f"{quote}{settings.PORTAL_URL}{found[0][1:-1]}{quote}"

    return _SHOWN.sub(outside, html)
