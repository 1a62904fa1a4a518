"""The statements that every incoming mail needs, written out: building them anew took longer than running them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deskhand.core.prepared import rows_of, run
from deskhand.mail.models import InboundMail, Seen

_LOCKED_FIELDS = (
    "id", "size_bytes", "door", "mailbox_id", "envelope_from", "envelope_to", "received_at", "from_address",
    "from_name", "to_line", "subject", "message_id", "sent_at", "content_hash", "verdict", "reason",
    "waits_for_mailbox", "ticket_id", "entry_id", "duplicate_of_id", "lane", "attempts", "processed_at",
)  # fmt: skip
# The bytes were durable before the sender heard "250": a verdict lost when the database is cut off is reached again,
# and whatever is sent or answered because of it commits durably, and this with it. So this commit need not wait.
_LOCK = """
SELECT id, size_bytes, door, mailbox_id, envelope_from, envelope_to, received_at, from_address,
    from_name, to_line, subject, message_id, sent_at, content_hash, verdict, reason, waits_for_mailbox, ticket_id,
    entry_id, duplicate_of_id, lane, attempts, processed_at, set_config('synchronous_commit', 'off', true)
FROM mail_inboundmail WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""
# An array, because whatever can be joined is: with all that waits, in every lane, when nothing waited at the last look
# at the table's statistics.
_CLAIM = """
UPDATE mail_inboundmail SET attempts = 1 WHERE id = ANY(ARRAY(
    SELECT id FROM mail_inboundmail WHERE verdict = 'pending' AND lane = %s AND attempts = 0
    ORDER BY received_at, id LIMIT %s FOR UPDATE
)) RETURNING received_at, id, size_bytes
"""
_RAWS = "SELECT id, raw FROM mail_inboundmail WHERE id = ANY(%s)"
_WRITE_VERDICTS = """
UPDATE mail_inboundmail AS mail
SET verdict = its.verdict, reason = its.reason, waits_for_mailbox = its.waits_for_mailbox,
    ticket_id = its.ticket_id, entry_id = its.entry_id, processed_at = %s
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::boolean[], %b::bigint[], %b::bigint[])
    AS its (id, verdict, reason, waits_for_mailbox, ticket_id, entry_id)
WHERE mail.id = its.id
"""
_REMEMBER_IDS = """
INSERT INTO mail_knownmessageid (message_id, ticket_id, seen, seen_at)
SELECT message_id, %s, seen, %s FROM unnest(%b::text[], %b::text[]) AS named (message_id, seen) ON CONFLICT DO NOTHING
"""
# Of the addresses, the first that any mailbox has which is on, or else any; its own address before another's alias.
_MAILBOX_FOR = """
SELECT box.id FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (address, place)
CROSS JOIN LATERAL (
    SELECT id, is_enabled, 0 AS rank FROM mail_mailbox WHERE address = wanted.address
    UNION ALL SELECT own.id, own.is_enabled, 1 FROM mail_mailboxalias AS alias
        JOIN mail_mailbox AS own ON own.id = alias.mailbox_id WHERE alias.address = wanted.address
) AS box ORDER BY NOT box.is_enabled, wanted.place, box.rank LIMIT 1
"""
_INSERT_FIRST = f"""
INSERT INTO mail_inboundmail (
    mailbox_id, raw, size_bytes, door, envelope_from, envelope_to, received_at, from_address, from_name, to_line,
    subject, message_id, sent_at, content_hash, lane, verdict, reason, waits_for_mailbox, attempts
) VALUES (
    COALESCE(({_MAILBOX_FOR}), %s), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'pending', '', false, 0
)
ON CONFLICT (content_hash) WHERE duplicate_of_id IS NULL DO NOTHING
RETURNING id, mailbox_id
"""  # noqa: S608 -- our own


def insert_first(mail: InboundMail, addresses: Sequence[str]) -> bool:
    """Write a mail just made unless the same content was stored before; returns whether it was written.

    It gets its id, and the mailbox that one of the addresses names, if any does. If another transaction is storing the
    same content just now, wait for its end.
    """
    values = (
        list(addresses),
        mail.mailbox_id,
        mail.raw,
        mail.size_bytes,
        str(mail.door),
        mail.envelope_from,
        mail.envelope_to,
        mail.received_at,
        mail.from_address,
        mail.from_name,
        mail.to_line,
        mail.subject,
        mail.message_id,
        mail.sent_at,
        mail.content_hash,
        mail.lane,
    )
    for mail.pk, mail.mailbox_id in rows_of(_INSERT_FIRST, values):
        return True
    return False


def mailbox_for(addresses: Sequence[str]) -> int | None:
    """Return the mailbox that has the first of these addresses, its own or an alias: one that is on, if any is."""
    return next((int(pk) for (pk,) in rows_of(_MAILBOX_FOR, [list(addresses)])), None)


@dataclass(frozen=True)
class Waiting:
    """A mail that waits to be read, without its bytes."""

    id: int
    size_bytes: int


def claim_untried(lane: int, *, limit: int) -> list[Waiting]:
    """Count a first try of the oldest mails of a lane that nobody has tried, and return them, oldest first."""
    return [Waiting(*row) for _, *row in sorted(rows_of(_CLAIM, [lane, limit]))]


def lock_mails(mail_ids: Sequence[int]) -> list[InboundMail]:
    """Return mails, without their bytes, with their rows locked until the transaction ends, in the order of their ids.

    The transaction then commits without waiting for the disk.
    """
    rows = rows_of(_LOCK, [list(mail_ids)])
    return [InboundMail.from_db("default", _LOCKED_FIELDS, values) for *values, _ in rows]


def raws_of(mail_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the bytes of mails by their ids, in the order asked for."""
    found = {int(pk): bytes(raw) for pk, raw in rows_of(_RAWS, [list(mail_ids)])}
    return {pk: found[pk] for pk in mail_ids}


def write_verdicts(mails: Sequence[InboundMail], *, at: datetime) -> None:
    """Write what became of locked mails."""
    rows = [
        (mail.pk, str(mail.verdict), mail.reason, mail.waits_for_mailbox, mail.ticket_id, mail.entry_id)
        for mail in mails
    ]
    if rows:
        run(_WRITE_VERDICTS, [at, *map(list, zip(*rows, strict=True))])


def remember_message_ids(seen: Sequence[tuple[str, Seen]], *, ticket_id: int, at: datetime) -> None:
    """Tie Message-IDs to a ticket; those that are tied to it already stay as they are."""
    if seen:
        run(_REMEMBER_IDS, [ticket_id, at, [one for one, _ in seen], [str(how) for _, how in seen]])
