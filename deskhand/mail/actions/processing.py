"""Bringing a stored mail to its verdict, exactly once, whatever happens on the way."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from deskhand.core.remembering import remembered, remembering
from deskhand.core.wall_clock import ending_after
from deskhand.events.recording import writing_together
from deskhand.files.actions.storing import StorageUnavailable
from deskhand.mail.actions.judging import Outcome, judge, open_unread
from deskhand.mail.models import InboundMail, Mailbox, Verdict
from deskhand.mail.queries.senders import foresee
from deskhand.mail.reading import Reading, Unread
from deskhand.mail.reading_apart import SECONDS_A_MAIL, ReaderLost, readings_of
from deskhand.mail.statements import lock_mail, raws_of, write_verdict

ATTEMPT_LIMIT = 3
FORGOTTEN_AFTER = timedelta(minutes=10)
BATCH = 40
"""Mails one job takes along: enough to make the job itself cheap, few enough to end soon when told to."""
READ_TOGETHER = 8
READ_TOGETHER_BYTES = 1_000_000
LANES = 16
TROUBLE_OUTSIDE = (OperationalError, InterfaceError, StorageUnavailable)
"""Faults of the surroundings: the mail waits until they are mended, however long that takes."""

_COUNT_ATTEMPT = """
UPDATE mail_inboundmail SET attempts = attempts + 1 WHERE id = %s AND verdict = 'pending' RETURNING attempts
"""

logger = logging.getLogger(__name__)


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
        (reading,) = readings_of(list(raws_of([mail_id]).values()))
        _settle(mail_id, reading, now=now)
    except TROUBLE_OUTSIDE:
        _forget_attempt(mail_id)
        raise
    except Exception as error:
        if attempt < ATTEMPT_LIMIT:
            raise
        logger.exception("mail %s cannot be processed", mail_id)
        _give_up(mail_id, _words_of(error), now=now)


def _words_of(error: Exception) -> str:
    return str(error) if isinstance(error, Unread | ReaderLost) else type(error).__name__


def process_waiting(lane: int, *, now: datetime) -> list[int]:
    """Bring untried mails of one lane to their verdicts, oldest first; returns the ids of those that have one now.

    Each has a transaction of its own. One that fails keeps its count, and its own job tries it again.
    """
    with remembering():
        with transaction.atomic():  # trouble with the second takes back the first
            waiting = _claim_untried(lane)
            foresee(one.sender for one in waiting)
        return _settle_each(waiting, now=now)


@dataclass(frozen=True)
class _Waiting:
    """A mail that waits to be read, without its bytes."""

    id: int
    sender: str
    size_bytes: int


def _settle_each(waiting: Sequence[_Waiting], *, now: datetime) -> list[int]:
    done: list[int] = []
    try:
        for mail_id, reading in _readings(waiting):
            if _is_settled(mail_id, reading, now=now):
                done.append(mail_id)
    except TROUBLE_OUTSIDE:
        logger.warning("mail waits: disk or database are in trouble")
        _forget_attempt(*(one.id for one in waiting if one.id not in done))
    return done


def _is_settled(mail_id: int, reading: Reading | Exception, *, now: datetime) -> bool:
    try:
        _settle(mail_id, reading, now=now)
    except TROUBLE_OUTSIDE:
        raise
    except Exception:
        logger.exception("mail %s could not be processed and is tried again", mail_id)
        return False
    return True


def _readings(waiting: Sequence[_Waiting]) -> Iterator[tuple[int, Reading | Exception]]:
    for portion in _portions(waiting):
        raws = raws_of(portion)
        try:
            answers: Sequence[Reading | Exception] = readings_of(list(raws.values()))
        except ReaderLost as lost:
            answers = [lost] * len(raws)
        yield from zip(raws, answers, strict=True)


def _portions(waiting: Sequence[_Waiting]) -> Iterator[list[int]]:
    """Divide what waits into what is read together: few mails, so that judging need not wait, and few bytes."""
    portion: list[int] = []
    size = 0
    for one in waiting:
        if portion and (len(portion) == READ_TOGETHER or size + one.size_bytes > READ_TOGETHER_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(one.id)
        size += one.size_bytes
    if portion:
        yield portion


def lane_of(sender: str, mail_id: int) -> int:
    """Return the lane of a mail: mails of one sender share one, and in a lane they go one after the other."""
    return crc32(sender.encode() or str(mail_id).encode()) % LANES


def _claim_untried(lane: int) -> list[_Waiting]:
    """Count a first try of some mails at once, and return them, oldest first.

    Those that were tried before are left to jobs of their own.
    """
    untried = InboundMail.objects.pending().filter(attempts=0).order_by("received_at", "pk")
    rows = untried.values_list("pk", "from_address", "size_bytes")[: BATCH * LANES]
    wanted = [_Waiting(*row) for row in rows if lane_of(row[1], row[0]) == lane][:BATCH]
    if wanted:
        InboundMail.objects.pending().filter(pk__in=[one.id for one in wanted]).update(attempts=1)
    return wanted


def forgotten_mails(*, now: datetime, limit: int = 500) -> list[tuple[int, str]]:
    """Return ids and senders of mails that wait for longer than any job should take, oldest first."""
    waiting = InboundMail.objects.pending().filter(received_at__lte=now - FORGOTTEN_AFTER)
    return list(waiting.order_by("received_at").values_list("pk", "from_address")[:limit])


def _begin_attempt(mail_id: int) -> int | None:
    """Count a try before it begins, so that tries which kill their worker count too. None: nothing to do."""
    with connection.cursor() as cursor:  # one statement, committed by itself
        cursor.execute(_COUNT_ATTEMPT, [mail_id])
        counted = cursor.fetchone()
    return None if counted is None else int(counted[0])


def _forget_attempt(*mail_ids: int) -> None:
    try:
        InboundMail.objects.pending().filter(pk__in=mail_ids, attempts__gt=0).update(attempts=F("attempts") - 1)
    except (OperationalError, InterfaceError):
        logger.warning("mails %s wait: the database is away", mail_ids)


@transaction.atomic
def _settle(mail_id: int, reading: Reading | Exception, *, now: datetime) -> None:
    if isinstance(reading, Exception):
        raise reading
    mail = lock_mail(mail_id)
    if mail.verdict == Verdict.PENDING:
        mail.mailbox = _mailbox(mail.mailbox_id)
        with ending_after(SECONDS_A_MAIL), writing_together():
            write_down(mail, judge(mail, reading), now=now)


def _mailbox(mailbox_id: int | None) -> Mailbox | None:
    if mailbox_id is None:
        return None
    return remembered(
        ("mailbox", mailbox_id), lambda: Mailbox.objects.select_related("team", "category").get(pk=mailbox_id)
    )


def _give_up(mail_id: int, why: str, *, now: datetime) -> None:
    """Keep the mail in sight: as a ticket with the original attached, else as a failed row."""
    try:
        with transaction.atomic():
            mail = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
            if mail.verdict == Verdict.PENDING:
                write_down(mail, open_unread(mail, why), now=now)
    except TROUBLE_OUTSIDE:
        raise
    except Exception:
        logger.exception("mail %s cannot even become a ticket", mail_id)
        with transaction.atomic():
            mail = InboundMail.objects.without_raw().select_for_update(of=("self",)).get(pk=mail_id)
            if mail.verdict == Verdict.PENDING:
                write_down(mail, Outcome(Verdict.FAILED, f"This mail could not be processed ({why})."), now=now)


def write_down(mail: InboundMail, outcome: Outcome, *, now: datetime) -> None:
    """Store the verdict."""
    mail.verdict = outcome.verdict
    mail.reason = outcome.reason
    mail.ticket = outcome.ticket
    mail.entry = outcome.message
    mail.processed_at = now
    write_verdict(mail)
