"""Pictures that a mail's HTML holds within itself (`data:` addresses): they become files, as those in its parts do."""

import base64
import binascii
import re
from dataclasses import replace
from hashlib import sha256
from urllib.parse import unquote

from deskhand.files.kinds import is_picture, judge_type, safe_name
from deskhand.mail.message import Attachment, ParsedMail

LIMIT = 100
"""So many different ones become files."""
TOO_MANY = f"It shows more than {LIMIT} pictures; the rest is only in the original."
_SOURCE = re.compile(
    r"""(?P<before>\bsrc\s{0,9}=\s{0,9}(?P<mark>["'])\s{0,9})"""
    r"""data:image/(?P<kind>[a-z0-9]{1,20})[^,"'<>]{0,100};base64,(?P<content>[^"'<>]+)(?P=mark)""",
    re.IGNORECASE,
)


def with_data_pictures_apart(mail: ParsedMail) -> ParsedMail:
    """Return the mail with such pictures as files, which its HTML shows by content id.

    What is called a picture and is none that browsers may show becomes a plain file.
    """
    if ";base64," not in mail.html:
        return mail
    found = _Pictures()
    html = _SOURCE.sub(found.named, mail.html)
    problems = (*mail.problems, TOO_MANY) if found.is_full else mail.problems
    return replace(mail, html=html, attachments=(*mail.attachments, *found.files.values()), problems=problems)


class _Pictures:
    """The pictures found so far, each once, by content id."""

    def __init__(self) -> None:
        self.files: dict[str, Attachment] = {}
        self.is_full = False

    def named(self, source: re.Match[str]) -> str:
        """Return the attribute with the picture's content id in place of the picture."""
        content = _decoded(source["content"])
        content_id = f"{sha256(content).hexdigest()[:32]}@data"
        if content_id not in self.files:
            if not content or len(self.files) >= LIMIT:
                self.is_full = self.is_full or bool(content)
                return source[0]
            self.files[content_id] = _file(content, source["kind"], content_id, len(self.files) + 1)
        return f"{source['before']}cid:{content_id}{source['mark']}"


def _file(content: bytes, kind: str, content_id: str, number: int) -> Attachment:
    name = safe_name(f"picture-{number}.{kind.lower()}")
    content_type = judge_type(name, content[:16])
    if not is_picture(content_type):
        return Attachment(name, content_type, content)
    return Attachment(name, content_type, content, content_id=content_id, is_inline=True)


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode("".join(unquote(content).split()) + "==")
    except (binascii.Error, ValueError):
        return b""
