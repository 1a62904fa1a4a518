"""Bringing a stored mail to its verdict, exactly once, whatever happens on the way."""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from deskhand.files.actions.storing import StorageUnavailable
from deskhand.mail.actions.judging import Outcome, judge, open_unread
from deskhand.mail.models import InboundMail, Verdict
from deskhand.mail.parsing import parse

ATTEMPT_LIMIT = 3
FORGOTTEN_AFTER = timedelta(minutes=10)
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
        _settle(mail_id, now=now)
    except TROUBLE_OUTSIDE:
        _forget_attempt(mail_id)
        raise
    except Exception as error:
        if attempt < ATTEMPT_LIMIT:
            raise
        logger.exception("mail %s cannot be processed", mail_id)
        _give_up(mail_id, type(error).__name__, now=now)


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


def _forget_attempt(mail_id: int) -> None:
    try:
        InboundMail.objects.pending().filter(pk=mail_id, attempts__gt=0).update(attempts=F("attempts") - 1)
    except (OperationalError, InterfaceError):
        logger.warning("mail %s waits: the database is away", mail_id)


@transaction.atomic
def _settle(mail_id: int, *, now: datetime) -> None:
    mail = InboundMail.objects.select_for_update(of=("self",)).select_related("mailbox").get(pk=mail_id)
    if mail.verdict == Verdict.PENDING:
        write_down(mail, judge(mail, parse(bytes(mail.raw))), now=now)


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
    mail.save(update_fields=["verdict", "reason", "ticket", "entry", "processed_at"])
