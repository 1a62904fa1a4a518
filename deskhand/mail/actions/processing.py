"""Bringing a stored mail to its verdict, exactly once, whatever happens on the way."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet

from deskhand.core.built import built_once
from deskhand.core.remembering import remembered, remembering
from deskhand.core.wall_clock import ending_after
from deskhand.events.recording import writing_together
from deskhand.files.actions.storing import StorageUnavailable
from deskhand.mail.actions.judging import Outcome, judge
from deskhand.mail.models import InboundMail, Mailbox, Verdict
from deskhand.mail.queries.senders import foresee
from deskhand.mail.reading import Reading, Unread, reading_of_header
from deskhand.mail.reading_apart import SECONDS_A_MAIL, ReaderLost, readings_of
from deskhand.mail.statements import lock_mails, raws_of, write_verdicts

ATTEMPT_LIMIT = 3
FORGOTTEN_AFTER = timedelta(minutes=10)
TROUBLE_OUTSIDE = (OperationalError, InterfaceError, StorageUnavailable)
"""Faults of the surroundings: the mail waits until they are mended, however long that takes."""

_LIMIT_EXCEEDED = "54"
"""The class of SQLSTATE for what is too large or too complex to be written at all."""
_COUNT_ATTEMPT = """
UPDATE mail_inboundmail SET attempts = attempts + 1 WHERE id = %s AND verdict = 'pending' RETURNING attempts
"""

logger = logging.getLogger(__name__)


class BeyondLimits(Exception):
    """Something in a mail is more than the database can hold: its own fault, and not the database's trouble."""


@contextmanager
def beyond_limits_told_apart() -> Iterator[None]:
    """Raise BeyondLimits where the block is refused for what it writes; Django calls that an operational error, too."""
    try:
        yield
    except OperationalError as error:
        if str(getattr(error.__cause__, "sqlstate", "")).startswith(_LIMIT_EXCEEDED):
            raise BeyondLimits from error
        raise


@dataclass(frozen=True)
class Read:
    """A mail's bytes, and what was read of them or why that failed."""

    mail_id: int
    raw: bytes
    reading: Reading | Exception


def process_mail(mail_id: int, *, now: datetime) -> None:
    """Bring one mail to its verdict; doing so twice, or in two workers at once, changes nothing more.

    Raises what went wrong while another try may help. After three tries, or when workers died over it three times,
    the mail becomes a ticket with the original attached, or at least a row that says why.
    """
    attempt = _begin_attempt(mail_id)
    if attempt is None:
        return
    if attempt > ATTEMPT_LIMIT:
        _give_up(mail_id, "every try to read it was cut off", now=now)
        return
    try:
        settle(read_mails([mail_id]), now=now)
    except TROUBLE_OUTSIDE:
        forget_attempts([mail_id])
        raise
    except Exception as error:
        if attempt < ATTEMPT_LIMIT:
            raise
        logger.exception("mail %s cannot be processed", mail_id)
        _give_up(mail_id, _words_of(error), now=now)


def read_mails(mail_ids: Sequence[int]) -> list[Read]:
    """Read mails together; when their reader is lost, that is what became of each."""
    raws = raws_of(mail_ids)
    try:
        answers: Sequence[Reading | Exception] = readings_of(list(raws.values()))
    except ReaderLost as lost:
        answers = [lost] * len(raws)
    return [Read(mail_id, raw, answer) for (mail_id, raw), answer in zip(raws.items(), answers, strict=True)]


@transaction.atomic
def settle(reads: Sequence[Read], *, now: datetime) -> None:
    """Write what follows from mails and their verdicts, all of it or nothing. Raises what went wrong with any."""
    readings = {read.mail_id: _readable(read) for read in reads}
    raws = {read.mail_id: read.raw for read in reads}
    with beyond_limits_told_apart(), remembering(), ending_after(SECONDS_A_MAIL * len(reads)), writing_together():
        mails = [mail for mail in lock_mails(list(readings)) if mail.verdict == Verdict.PENDING]
        foresee(mail.from_address for mail in mails)
        for mail in mails:
            mail.raw, mail.mailbox = raws[mail.pk], _mailbox(mail.mailbox_id)
            note(mail, judge(mail, readings[mail.pk]), now=now)
        write_verdicts(mails, at=now)


def forget_attempts(mail_ids: Sequence[int]) -> None:
    """Count one try less, because the trouble was not the mails' own."""
    try:
        InboundMail.objects.pending().filter(pk__in=mail_ids, attempts__gt=0).update(attempts=F("attempts") - 1)
    except (OperationalError, InterfaceError):
        logger.warning("mails %s wait: the database is away", mail_ids)


def forgotten_lanes(*, now: datetime) -> list[int]:
    """Return lanes in which a mail waits for longer than any job should take."""
    waiting = InboundMail.objects.pending().filter(received_at__lte=now - FORGOTTEN_AFTER)
    return list(waiting.order_by("lane").values_list("lane", flat=True).distinct())


def note(mail: InboundMail, outcome: Outcome, *, now: datetime) -> None:
    """Set the verdict of a mail, without storing it."""
    mail.verdict = outcome.verdict
    mail.reason = outcome.reason
    mail.waits_for_mailbox = outcome.waits_for_mailbox
    mail.ticket = outcome.ticket
    mail.entry = outcome.message
    mail.processed_at = now


def write_down(mail: InboundMail, outcome: Outcome, *, now: datetime) -> None:
    """Set the verdict of a mail, and store it."""
    note(mail, outcome, now=now)
    write_verdicts([mail], at=now)


def _readable(read: Read) -> Reading:
    if isinstance(read.reading, Exception):
        raise read.reading
    return read.reading


def _begin_attempt(mail_id: int) -> int | None:
    """Count a try before it begins, so that tries which kill their worker count too. None: nothing to do."""
    with connection.cursor() as cursor:  # one statement, committed by itself
        cursor.execute(_COUNT_ATTEMPT, [mail_id])
        counted = cursor.fetchone()
    return None if counted is None else int(counted[0])


def _mailbox(mailbox_id: int | None) -> Mailbox | None:
    if mailbox_id is None:
        return None
    return remembered(("mailbox", mailbox_id), lambda: _mailboxes(mailbox_id)[0])


@built_once
def _mailboxes(mailbox_id: int) -> QuerySet[Mailbox]:
    return Mailbox.objects.select_related("team", "category").filter(pk=mailbox_id)


def _words_of(error: Exception) -> str:
    return str(error) if isinstance(error, Unread | ReaderLost) else type(error).__name__


def _give_up(mail_id: int, why: str, *, now: datetime) -> None:
    """Keep the mail in sight: as a ticket with the original attached, else as a failed row."""
    try:
        _end_with(mail_id, lambda mail: _judged_unread(mail, why), now=now)
    except TROUBLE_OUTSIDE:
        raise
    except Exception:
        logger.exception("mail %s cannot even become a ticket", mail_id)
        failed = Outcome(Verdict.FAILED, f"This mail could not be processed ({why}).")
        _end_with(mail_id, lambda _: failed, now=now)


def _judged_unread(mail: InboundMail, why: str) -> Outcome:
    """Judge a mail by its header alone, which says whose it is and where it belongs."""
    outcome = judge(mail, reading_of_header(bytes(mail.raw)))
    return replace(outcome, reason=f"It could not be read ({why}); the original is kept. {outcome.reason}")


@transaction.atomic
def _end_with(mail_id: int, decide: Callable[[InboundMail], Outcome], *, now: datetime) -> None:
    mail = InboundMail.objects.without_raw().select_for_update(of=("self",)).get(pk=mail_id)
    if mail.verdict == Verdict.PENDING:
        write_down(mail, decide(mail), now=now)
