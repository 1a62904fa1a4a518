"""Taking a mail in: its bytes first, durably, before anyone looks inside."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskhand.core.text import storable
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.mail.addresses import without_tag
from deskhand.mail.events import MailReceived, MailWaitsAgain
from deskhand.mail.first_look import FirstLook, look_at
from deskhand.mail.lanes import lane_of
from deskhand.mail.models import Door, InboundMail, Mailbox, Verdict
from deskhand.mail.statements import insert_first, mailbox_for

RECIPIENT_LIMIT = 500


@transaction.atomic(durable=True)
def receive(
    raw: bytes,
    *,
    door: Door,
    at: datetime,
    envelope_from: str = "",
    envelope_to: Sequence[str] = (),
) -> InboundMail:
    """Store a mail and return once that is committed; a job then brings it to a verdict.

    A mail that came before, by whatever way, is stored too, as a duplicate that nothing follows from.
    `envelope_from` is "<>" for the null path and empty where the door does not know. Raises DatabaseError.
    """
    return store(raw, door=door, at=at, envelope_from=envelope_from, envelope_to=envelope_to)


def store(
    raw: bytes,
    *,
    door: Door,
    at: datetime,
    envelope_from: str = "",
    envelope_to: Sequence[str] = (),
    mailbox: Mailbox | None = None,
) -> InboundMail:
    """Store a mail in the caller's transaction, as `receive` does. `mailbox`: whose it is if it names none of ours."""
    look = look_at(raw)
    recipients = [storable(address)[:254] for address in envelope_to[:RECIPIENT_LIMIT]]
    mail = InboundMail(
        raw=raw,
        size_bytes=len(raw),
        door=door,
        mailbox=mailbox,
        envelope_from=storable(envelope_from)[:254],
        envelope_to=recipients,
        received_at=at,
        from_address=look.from_address,
        from_name=look.from_name,
        to_line=look.to_line,
        subject=look.subject,
        message_id=look.message_id,
        sent_at=look.sent_at,
        content_hash=look.content_hash,
        lane=lane_of(look.from_address, look.content_hash),
    )
    is_first = insert_first(mail, addresses := _addresses_of(recipients, look))
    act = Act(actor=None, at=at, via=Via.MAIL)
    if not is_first:
        mail.mailbox_id = mailbox_for(addresses) or mail.mailbox_id
        _save_as_duplicate(mail, act=act)
    record(MailReceived(subject_id=mail.pk, is_duplicate=not is_first, lane=mail.lane), act=act)
    return mail


def _save_as_duplicate(mail: InboundMail, *, act: Act) -> None:
    """Save a mail that came before. The first one waits no longer for its mailbox if this one's is on."""
    rows = InboundMail.objects.without_raw().select_for_update(of=("self",))
    first = rows.get(content_hash=mail.content_hash, duplicate_of=None)
    if first.waits_for_mailbox and mail.mailbox is not None and mail.mailbox.is_enabled:
        first.mailbox_id, first.verdict, first.reason = mail.mailbox_id, Verdict.PENDING, ""
        first.processed_at, first.attempts, first.waits_for_mailbox = None, 0, False
        first.save(update_fields=["mailbox", "verdict", "reason", "processed_at", "attempts", "waits_for_mailbox"])
        record(MailWaitsAgain(subject_id=first.pk, lane=first.lane), act=act)
    mail.duplicate_of = first
    mail.verdict = Verdict.DUPLICATE
    mail.reason = f"The same mail came before, on {first.received_at:%d %b %Y at %H:%M} UTC."
    mail.processed_at = mail.received_at
    mail.save(force_insert=True)


def _addresses_of(recipients: list[str], look: FirstLook) -> list[str]:
    """The addresses a mailbox is known by, the envelope's before To and Cc; a +tag does not matter."""
    named = [*recipients, *(one.strip() for one in look.to_line.split(","))]
    wanted = dict.fromkeys(form for address in named if address for form in (address.lower(), without_tag(address)))
    return list(wanted)
