"""An outbound mail as bytes (RFC 5322, RFC 2045): the same fields and contents at every try and for everyone."""

import mimetypes
from email import encoders
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime

from django.conf import settings

from deskhand.core.text import one_line
from deskhand.files.actions.storing import read_bytes
from deskhand.files.models import File
from deskhand.mail.auto_replies import OUR_LOOP_FIELD
from deskhand.mail.composing import named
from deskhand.mail.guest_links import unfollow_address
from deskhand.mail.models import OutboundKind, OutboundMail
from deskhand.mail.outgoing_files import OutgoingFiles, content_id, files_of

_NOTHING = OutgoingFiles((), (), ())
_POLICY = compat32.clone(linesep="\r\n", max_line_length=998)  # identifiers are best left whole


def bytes_of(mail: OutboundMail) -> bytes:
    """Return the mail as it goes over the wire. Raises OSError when a file cannot be read."""
    # An automatic mail only names the entry it is about, whose files may have come from anybody, in anybody's name.
    files = files_of(mail.entry) if mail.entry and mail.kind == OutboundKind.REPLY else _NOTHING
    root = _with_attachments(_alternatives(mail, files), files)
    for name, value in _fields(mail):
        root[name] = value
    return root.as_bytes(policy=_POLICY)


def _fields(mail: OutboundMail) -> list[tuple[str, str]]:
    """The header fields; every value is one line, so that nothing a person typed can begin a field of its own."""
    fields: list[tuple[str, str]] = [
        ("From", named(mail.from_name, mail.from_address)),
        ("To", _list(mail.to_addresses) or "undisclosed-recipients:;"),
        ("Subject", _text(mail.subject)),
        ("Date", format_datetime(mail.created_at)),
        ("Message-ID", one_line(mail.message_id)),
    ]
    if mail.cc_addresses:
        fields.append(("Cc", _list(mail.cc_addresses)))
    if mail.reply_to:
        fields.append(("Reply-To", one_line(mail.reply_to)))
    if mail.in_reply_to:
        fields.append(("In-Reply-To", one_line(mail.in_reply_to)))
    if mail.references:
        fields.append(("References", "\r\n ".join(one_line(one) for one in mail.references)))
    if mail.kind == OutboundKind.REPLY and (unfollow := unfollow_address(mail)):
        fields.append(("List-Unsubscribe", f"<{unfollow}>"))
    if mail.is_automatic:
        fields += [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            (OUR_LOOP_FIELD.title(), settings.MAIL_DOMAIN),
        ]
    return fields


def _list(addresses: list[str]) -> str:
    return ",\r\n ".join(one_line(address) for address in addresses)


def _text(value: str) -> str:
    flat = one_line(value)
    return flat if flat.isascii() else Header(flat, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _alternatives(mail: OutboundMail, files: OutgoingFiles) -> MIMEMultipart:
    both = MIMEMultipart("alternative")
    both.attach(_body(mail.text, "plain"))
    html: Message = _body(mail.html, "html")
    if files.shown:
        related = MIMEMultipart("related", type="text/html")
        related.attach(html)
        for file in files.shown:
            picture = _file_part(file, "inline")
            picture["Content-ID"] = f"<{content_id(file)}>"
            related.attach(picture)
        html = related
    both.attach(html)
    return both


def _with_attachments(body: MIMEMultipart, files: OutgoingFiles) -> MIMEMultipart:
    if not files.attached:
        return body
    mixed = MIMEMultipart("mixed")
    mixed.attach(body)
    for file in files.attached:
        mixed.attach(_file_part(file, "attachment"))
    return mixed


def _body(text: str, subtype: str) -> MIMENonMultipart:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMENonMultipart("text", subtype)
    part.set_payload(text, charset)
    return part


def _file_part(file: File, disposition: str) -> MIMEBase:
    guessed = file.content_type or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    main, _, sub = guessed.partition("/")
    if main in {"message", "multipart"}:
        # These may not be sent as base64 (RFC 2046 §5.2.1), and unencoded they would be read as part of the mail.
        main, sub = "application", "octet-stream"
    part = MIMEBase(main, sub or "octet-stream")
    part.set_payload(read_bytes(file))
    encoders.encode_base64(part)
    name = one_line(file.name)
    part.add_header("Content-Disposition", disposition, filename=name if name.isascii() else ("utf-8", "", name))
    return part
