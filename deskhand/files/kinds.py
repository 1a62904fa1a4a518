"""What a file is: its safe name, and its type judged by its first bytes for what browsers may show."""

import mimetypes
import re
from pathlib import PurePosixPath

from deskhand.core.text import one_line

# What people mean by a document: text, PDF, and what office programs write.
DOCUMENTS = (
    r"^(text/|application/(pdf|rtf|msword|epub|vnd\.ms-(excel|powerpoint|word)"
    r"|vnd\.openxmlformats-|vnd\.oasis\.opendocument|vnd\.apple\.(pages|numbers|keynote)|x-iwork))"
)
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_SIGNATURES = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
]
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/]')
# Types a browser would run, or guess its way into running, when it opened them from our address.
_ACTIVE = re.compile(r"html|xml|svg|javascript|ecmascript|x-shockwave|mhtml|xsl", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return the base name without folders, controls, bidi overrides or leading dots; never empty, <= 255."""
    base = PurePosixPath(one_line(name).replace("\\", "/")).name
    base = _NOT_IN_NAMES.sub("_", base).lstrip(". ").strip()
    if len(base.encode()) > 200:  # noqa: PLR2004 (bytes; file systems allow 255 with room for a suffix)
        stem, dot, suffix = base.rpartition(".")
        suffix = suffix.encode()[:20].decode(errors="ignore")
        base = stem.encode()[:170].decode(errors="ignore") + dot + suffix
    return base or "file"


def judge_type(name: str, first_bytes: bytes) -> str:
    """Return the content type to serve: pictures only when their bytes say so, nothing a browser would run."""
    for signature, content_type in _SIGNATURES:
        if first_bytes.startswith(signature):
            return content_type
    if first_bytes[:4] == b"RIFF" and first_bytes[8:12] == b"WEBP":
        return "image/webp"
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if guessed in PICTURES or _ACTIVE.search(guessed):
        return "application/octet-stream"
    return guessed


def is_picture(content_type: str) -> bool:
    """Return whether the judged type is a picture that browsers may show inline."""
    return content_type in PICTURES
