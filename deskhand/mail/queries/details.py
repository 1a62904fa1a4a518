"""One mail in full."""

from dataclasses import dataclass
from datetime import datetime

from deskhand.core.html import TooLargeToClean, clean
from deskhand.core.text import storable
from deskhand.mail.inline_pictures import with_inline_pictures
from deskhand.mail.masking import masked, masked_bytes, masked_quote
from deskhand.mail.message import Attachment, ParsedMail
from deskhand.mail.models import (
    MACHINE_MADE,
    QUARANTINE,
    DeliveryState,
    Door,
    ImapMail,
    InboundMail,
    OutboundKind,
    OutboundMail,
    ProviderMail,
    Verdict,
)
from deskhand.mail.parsing import parse
from deskhand.mail.queries.deliveries import DeliveryRow, row_of


@dataclass(frozen=True)
class FileRow:
    """A file of a mail that came in, as it was named there."""

    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True)
class InboundDetail:
    """A mail that came in. `html` is cleaned, empty for a plain mail; `headers` stand in their order, still encoded."""

    id: int
    received_at: datetime
    sent_at: datetime | None
    door: Door
    mailbox: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    from_name: str
    from_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    size_bytes: int
    verdict: Verdict
    reason: str
    attempts: int
    processed_at: datetime | None
    ticket_number: int | None
    entry_id: int | None
    duplicate_of_id: int | None
    duplicate_ids: tuple[int, ...]
    known_as: tuple[str, ...]
    """What the provider and the IMAP server that had it call it, and the hash of its content."""
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    files: tuple[FileRow, ...]
    inline: tuple[Attachment, ...]
    """The files that `html` shows by their content ids."""
    problems: tuple[str, ...]
    is_quarantined: bool
    """Whether it stands in no ticket and may be released or deleted."""
    is_only_logged: bool
    """Whether a machine wrote it, as far as one can tell, and it made no entry: it may be released."""

    @property
    def body(self) -> str:
        """`html` with the pictures in it that came with the mail."""
        return with_inline_pictures(self.html, self.inline)


@dataclass(frozen=True)
class OutboundDetail:
    """A mail that went out, or waits to. `is_hidden`: its text opens something, so nobody gets to read it here."""

    id: int
    created_at: datetime
    kind: OutboundKind
    from_name: str
    from_address: str
    reply_to: str
    to_addresses: tuple[str, ...]
    cc_addresses: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    is_automatic: bool
    ticket_number: int | None
    entry_id: int | None
    is_hidden: bool
    text: str
    html: str
    deliveries: tuple[DeliveryRow, ...]


def inbound_detail(mail_id: int) -> InboundDetail | None:
    """Return a mail that came in, read again from its bytes; None for an unknown id. Four queries."""
    mail = InboundMail.objects.select_related("mailbox", "ticket").filter(pk=mail_id).first()
    if mail is None:
        return None
    parsed = parse(bytes(mail.raw))
    kept = (mail.to_line,) if mail.to_line and not mail.raw else ()  # of a deleted mail
    return InboundDetail(
        id=mail.pk,
        received_at=mail.received_at,
        sent_at=mail.sent_at,
        door=Door(mail.door),
        mailbox=mail.mailbox.address if mail.mailbox else "",
        envelope_from=mail.envelope_from,
        envelope_to=tuple(mail.envelope_to),
        from_name=mail.from_name,
        from_address=mail.from_address,
        to=kept or tuple(one.shown for one in parsed.to),
        cc=tuple(one.shown for one in parsed.cc),
        subject=mail.subject,
        message_id=mail.message_id,
        size_bytes=mail.size_bytes,
        verdict=Verdict(mail.verdict),
        reason=mail.reason,
        attempts=mail.attempts,
        processed_at=mail.processed_at,
        ticket_number=mail.ticket.number if mail.ticket else None,
        entry_id=mail.entry_id,
        duplicate_of_id=mail.duplicate_of_id,
        duplicate_ids=tuple(mail.duplicates.order_by("id").values_list("pk", flat=True)),
        known_as=_known_as(mail),
        headers=tuple((name, masked_quote(value)) for name, value in parsed.headers.fields),
        text=masked_quote(parsed.text),
        html=masked_quote(_cleaned(parsed)),
        files=tuple(FileRow(one.name, one.content_type, len(one.content)) for one in parsed.attachments),
        inline=tuple(one for one in parsed.attachments if one.is_inline),
        problems=parsed.problems,
        is_quarantined=mail.verdict in QUARANTINE and mail.entry_id is None,
        is_only_logged=mail.verdict in MACHINE_MADE and mail.entry_id is None,
    )


def original_of(ticket_id: int, public_id: str) -> InboundDetail | None:
    """Return the mail that a message of a ticket came as; None where it came otherwise, or its bytes are deleted.

    The caller checked who may see the ticket. Five queries.
    """
    came = InboundMail.objects.filter(entry__public_id=public_id, entry__ticket=ticket_id, duplicate_of=None)
    mail_id = came.exclude(verdict=Verdict.DELETED).order_by("id").values_list("pk", flat=True).first()
    return None if mail_id is None else inbound_detail(mail_id)


def raw_mail(mail_id: int) -> bytes | None:
    """Return the bytes of a mail as they came, as .eml; None for an unknown id or once deleted. One query.

    Only links that stand for a client are made unusable: an answer often quotes the one it was sent.
    """
    raw = InboundMail.objects.filter(pk=mail_id).exclude(verdict=Verdict.DELETED).values_list("raw", flat=True).first()
    return None if raw is None else masked_bytes(bytes(raw))


def outbound_detail(mail_id: int) -> OutboundDetail | None:
    """Return a mail that went out; None for an unknown id. Two queries."""
    mail = OutboundMail.objects.select_related("ticket").filter(pk=mail_id).first()
    if mail is None:
        return None
    deliveries = tuple(row_of(one) for one in mail.deliveries.order_by("id"))
    is_captured = bool(deliveries) and all(one.state == DeliveryState.CAPTURED for one in deliveries)
    is_hidden = mail.is_secret and not is_captured
    return OutboundDetail(
        id=mail.pk,
        created_at=mail.created_at,
        kind=OutboundKind(mail.kind),
        from_name=mail.from_name,
        from_address=mail.from_address,
        reply_to=mail.reply_to,
        to_addresses=tuple(mail.to_addresses),
        cc_addresses=tuple(mail.cc_addresses),
        subject=mail.subject,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references),
        is_automatic=mail.is_automatic,
        ticket_number=mail.ticket.number if mail.ticket else None,
        entry_id=mail.entry_id,
        is_hidden=is_hidden,
        text="" if is_hidden else masked(mail.text),
        html="" if is_hidden else masked(mail.html),
        deliveries=deliveries,
    )


def _known_as(mail: InboundMail) -> tuple[str, ...]:
    posted = ProviderMail.objects.filter(mail=mail).select_related("account").order_by("id")
    fetched = ImapMail.objects.filter(mail=mail).order_by("id")
    return (
        *(f"{one.account.get_provider_display()} {one.provider_id}" for one in posted),
        *(f"{one.folder} UID {one.uid}" for one in fetched),
        f"SHA-256 {mail.content_hash}",
    )


def _cleaned(parsed: ParsedMail) -> str:
    try:
        return clean(storable(parsed.html)).strip() if parsed.html.strip() else ""
    except TooLargeToClean:
        return ""
