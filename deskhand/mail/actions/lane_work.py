"""Working off a lane: many mails in one go, and each by itself where anything is wrong with one."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.mail.actions.processing import TROUBLE_OUTSIDE, Read, forget_attempts, read_mails, settle
from deskhand.mail.models import InboundMail
from deskhand.mail.reading import Reading
from deskhand.mail.statements import Waiting, claim_untried

BATCH = 40
"""Mails one job takes along: enough to make the job itself cheap, few enough to end soon when told to."""
TOGETHER = 8
TOGETHER_BYTES = 1_000_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LaneWork:
    """What one job did in a lane: mails that have their verdicts now, mails that want jobs of their own."""

    done: list[int]
    failed: list[int]
    is_more: bool
    """Whether mails that nobody has tried may be left."""


def process_waiting(lane: int, *, now: datetime) -> LaneWork:
    """Bring mails of a lane that nobody has tried to their verdicts, oldest first.

    No two may work in one lane at once: what was tried before and still waits was left by a worker that died.
    """
    left = _tried(lane)
    waiting = claim_untried(lane, limit=BATCH)
    done = _settle_each(waiting, now=now)
    failed = [one.id for one in waiting if one.id not in done]
    return LaneWork(done, left + failed, is_more=len(waiting) == BATCH)


@built_once
def _tried(lane: int) -> QuerySet[InboundMail, int]:
    return InboundMail.objects.pending().filter(lane=lane, attempts__gt=0).values_list("pk", flat=True)


def _settle_each(waiting: Sequence[Waiting], *, now: datetime) -> list[int]:
    done: list[int] = []
    try:
        for portion in _portions(waiting):
            for mail_id in _settled(read_mails(portion), now=now):
                done.append(mail_id)  # noqa: PERF402 -- what has its verdict counts when the next meets trouble
    except TROUBLE_OUTSIDE:
        logger.warning("mail waits: disk or database are in trouble")
        forget_attempts([one.id for one in waiting if one.id not in done])
    return done


def _settled(reads: Sequence[Read], *, now: datetime) -> Iterator[int]:
    """Settle mails in one transaction, or else each in its own, and yield those that have their verdicts."""
    if len(reads) > 1 and _went_together(reads, now=now):
        yield from (read.mail_id for read in reads)
        return
    for read in reads:
        try:
            settle([read], now=now)
        except TROUBLE_OUTSIDE:
            raise
        except Exception:
            logger.exception("mail %s could not be processed and is tried again", read.mail_id)
        else:
            yield read.mail_id


def _went_together(reads: Sequence[Read], *, now: datetime) -> bool:
    if not all(isinstance(read.reading, Reading) for read in reads):
        return False
    try:
        settle(reads, now=now)
    except Exception:
        ids = [read.mail_id for read in reads]
        logger.warning("mails %s did not go together, so each goes by itself", ids, exc_info=True)
        return False
    return True


def _portions(waiting: Sequence[Waiting]) -> Iterator[list[int]]:
    """Divide what waits into what is read together: few mails, so that judging need not wait, and few bytes."""
    portion: list[int] = []
    size = 0
    for one in waiting:
        if portion and (len(portion) == TOGETHER or size + one.size_bytes > TOGETHER_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(one.id)
        size += one.size_bytes
    if portion:
        yield portion
