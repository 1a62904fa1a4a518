"""Reading a posted form byte by byte (RFC 7578). A mail in a field is no text: decoding it would change it."""

from email.parser import BytesHeaderParser
from email.policy import compat32
from urllib.parse import unquote_to_bytes

MOST_FIELDS = 100
LONGEST_HEADERS = 16 * 1024


class FormUnreadable(Exception):
    """The body is no form."""


def form_fields(body: bytes, content_type: str) -> dict[str, bytes]:
    """Return the fields of a form by name, the first of each, files included. Raises FormUnreadable."""
    head = BytesHeaderParser(policy=compat32).parsebytes(b"Content-Type: " + _one_line(content_type) + b"\r\n\r\n")
    if head.get_content_type() == "application/x-www-form-urlencoded":
        return _urlencoded(body)
    boundary = head.get_boundary()
    if head.get_content_type() != "multipart/form-data" or not boundary:
        raise FormUnreadable
    return _multipart(body, boundary.encode("utf-8", "replace"))


def _one_line(text: str) -> bytes:
    return " ".join(text.split())[:1000].encode("utf-8", "replace")


def _urlencoded(body: bytes) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    for pair in body.split(b"&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = pair.partition(b"=")
        fields.setdefault(_plain(name).decode("utf-8", "replace"), _plain(value))
    return fields


def _plain(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _multipart(body: bytes, boundary: bytes) -> dict[str, bytes]:
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 1)
    if len(parts) < 2:  # noqa: PLR2004 -- what stands before the first boundary, and at least one part
        raise FormUnreadable
    fields: dict[str, bytes] = {}
    for part in parts[1:]:
        if part.startswith(b"--"):
            break
        head, blank, value = part.partition(b"\r\n\r\n")
        name = _name(head)
        if blank and name is not None:
            fields.setdefault(name, value)
    return fields


def _name(head: bytes) -> str | None:
    if len(head) > LONGEST_HEADERS:
        return None
    parsed = BytesHeaderParser(policy=compat32).parsebytes(head.lstrip(b"\r\n ") + b"\r\n\r\n")
    name = parsed.get_param("name", header="Content-Disposition")
    return name if isinstance(name, str) else None
