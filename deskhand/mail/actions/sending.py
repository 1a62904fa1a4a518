"""Sending what lies in the outbox: take it under a lease, try once, write down what the server said."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from deskhand.core.built import built_once
from deskhand.core.prepared import update
from deskhand.core.text import shorten
from deskhand.events.live import announce
from deskhand.mail import ways_out
from deskhand.mail.actions.reports import ANSWER_LIMIT, record_trouble
from deskhand.mail.actions.smtp_accounts import note_answer, take_turn
from deskhand.mail.actions.suppression import suppress
from deskhand.mail.bounces import is_hard_refusal
from deskhand.mail.models import Delivery, DeliveryState, OutboundMail, SmtpAccount
from deskhand.mail.queries.readers import may_still_get
from deskhand.mail.smtp import HAND_OVER_SECONDS, Answer, Result
from deskhand.mail.wire import bytes_of

LEASE = timedelta(minutes=20)
"""Longer than `smtp.LONGEST_TRY_SECONDS`, which begin just after it, so that no two workers ever send one mail."""
GIVE_UP_AFTER = timedelta(hours=72)
MOST_LOST_LEASES = 3
"""After so many workers that died of one mail it is left alone: each may have sent it, and the next would die too."""
_PAUSES_MINUTES = (1, 2, 5, 10, 20, 40, 60, 120, 240)
_STATES = {
    Result.SENT: DeliveryState.SENT,
    Result.DEFERRED: DeliveryState.DEFERRED,
    Result.FAILED: DeliveryState.FAILED,
    Result.UNCLEAR: DeliveryState.UNCLEAR,
}
_WRITTEN = (
    "state", "envelope_from", "server_answer", "lease_until", "lost_leases", "first_tried_at", "next_try_at",
    "settled_at",
)  # fmt: skip
_LOST = f"Sending this mail ended {MOST_LOST_LEASES} times before anything was written down. It may have been sent."
_TROUBLES = {DeliveryState.FAILED, DeliveryState.UNCLEAR}

logger = logging.getLogger(__name__)


def deliver(delivery_id: int, *, clock: Callable[[], datetime]) -> None:
    """Try once to send one mail to one recipient, if it is due and no other worker holds it.

    A worker killed in between leaves the lease to expire; the mail then goes out again with the same Message-ID. While
    a mailbox's own server is in trouble, mail for it waits untried, so that it holds up nobody else's.
    """
    account = None if settings.MAIL_DELIVERY == "capture" else ways_out.account_of_delivery(delivery_id)
    delivery = _lease(delivery_id, account, now=clock())
    if delivery is None:
        return
    if not may_still_get(delivery):
        _settle(delivery, DeliveryState.SUPPRESSED, "Not sent: this person may not read it any more.", now=clock())
        return
    if settings.MAIL_DELIVERY == "capture":
        _settle(delivery, DeliveryState.CAPTURED, "Kept here and not sent: this desk captures its mail.", now=clock())
        return
    answer, next_try_at = _try(delivery, account, clock=clock)
    _settle(delivery, _STATES[answer.result], answer.words, now=clock(), next_try_at=next_try_at)


def due_deliveries(*, now: datetime, limit: int = 500) -> list[int]:
    """Return ids of what waits to be tried, and of what a killed worker left behind; the longest waiting first."""
    return list(Delivery.objects.due(now=now).order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic(durable=True)
def _lease(delivery_id: int, account: SmtpAccount | None, *, now: datetime) -> Delivery | None:
    delivery = next(iter(_due(delivery_id, now)), None)
    if delivery is None:
        return None
    if delivery.state == DeliveryState.SENDING:
        delivery.lost_leases += 1
    if delivery.lost_leases >= MOST_LOST_LEASES:
        _write(delivery, DeliveryState.UNCLEAR, _LOST, now=now)
        return None
    # Not from when the mail was written: what caused it may lie days back, and workers may have been away since.
    delivery.first_tried_at = delivery.first_tried_at or now
    if account is not None and (next_try_at := take_turn(account, now=now)):
        _write(delivery, DeliveryState.DEFERRED, account.last_error, now=now, next_try_at=next_try_at)
        return None
    delivery.state = DeliveryState.SENDING
    delivery.lease_until = now + LEASE
    delivery.attempts += 1
    update(delivery, ["state", "lease_until", "lost_leases", "attempts", "first_tried_at"])
    return delivery


@built_once
def _due(delivery_id: int, now: datetime) -> QuerySet[Delivery]:
    """Joined to nothing: planning that took longer than all the rest."""
    return Delivery.objects.due(now=now).select_for_update(skip_locked=True).filter(pk=delivery_id)


@built_once
def _tried(delivery_id: int) -> QuerySet[Delivery]:
    return Delivery.objects.select_for_update(of=("self",)).select_related("mail").filter(pk=delivery_id)


def _try(
    delivery: Delivery, account: SmtpAccount | None, *, clock: Callable[[], datetime]
) -> tuple[Answer, datetime | None]:
    """Return what came of it, and when a mailbox's own server that is in trouble is asked again.

    Raises nothing that is the mail's own fault: it is tried with pauses like any other, and given up like any other.
    """
    until = monotonic() + HAND_OVER_SECONDS  # the lease has just begun, and files may take their time too
    try:
        raw = bytes_of(delivery.mail)
        delivery.envelope_from = ways_out.envelope_sender(account, delivery)
    except OSError as error:
        logger.warning("mail %s waits: a file of it cannot be read (%s)", delivery.mail_id, error)
        return Answer(Result.DEFERRED, "A file of this mail could not be read just now."), None
    except Exception as error:
        logger.exception("mail %s waits: it cannot be put together", delivery.mail_id)
        return Answer(Result.DEFERRED, f"This mail could not be put together ({type(error).__name__})."), None
    try:
        answer = ways_out.send(
            account,
            envelope_from=delivery.envelope_from,
            recipient=delivery.address,
            raw=raw,
            until=until,
            now=clock(),
        )
    except Exception as error:  # before any of it was handed over: what comes after that, `smtp` answers for
        logger.exception("mail %s waits: trying to send it failed", delivery.mail_id)
        return Answer(Result.DEFERRED, f"This mail could not be sent ({type(error).__name__})."), None
    return answer, _noted(account, answer, at=clock())


def _noted(account: SmtpAccount | None, answer: Answer, *, at: datetime) -> datetime | None:
    """Note how a mailbox's own server fared. Raises nothing: the mail may be gone, so its state has to be written."""
    if account is None:
        return None
    try:
        return note_answer(account, answer, at=at)
    except Exception:
        logger.exception("how the server of mailbox %s fared could not be noted", account.mailbox_id)
        return None


@transaction.atomic(durable=True)
def _settle(
    delivery: Delivery, state: DeliveryState, words: str, *, now: datetime, next_try_at: datetime | None = None
) -> None:
    """Write down how a try ended, unless another worker has taken it over since.

    `next_try_at`: when its server is asked again; None where that is this mail's own matter.
    """
    (row,) = _tried(delivery.pk)
    if row.state != DeliveryState.SENDING or row.lease_until != delivery.lease_until:
        return
    if row.server_answer != delivery.server_answer:
        # A report of failure came before the answer: it counts as if it had come just after.
        state, words = DeliveryState.FAILED, f"{row.server_answer} (The outgoing server had said: {words})"
    row.envelope_from = delivery.envelope_from
    _write(row, state, words, now=now, next_try_at=next_try_at)


def _write(
    row: Delivery, state: DeliveryState, words: str, *, now: datetime, next_try_at: datetime | None = None
) -> None:
    if state == DeliveryState.DEFERRED and now - (row.first_tried_at or now) >= GIVE_UP_AFTER:
        state, words = DeliveryState.FAILED, f"Given up after 72 hours. The last answer was: {words}"
    row.state = state
    row.server_answer = shorten(words, ANSWER_LIMIT)
    row.lease_until, row.lost_leases = None, 0
    is_final = state != DeliveryState.DEFERRED
    row.next_try_at = None if is_final else next_try_at or now + _pause(row.attempts)
    row.settled_at = now if is_final else None
    update(row, _WRITTEN)
    if state == DeliveryState.FAILED and is_hard_refusal(words):
        suppress(delivery=row, reason=words, at=now)
    if state in _TROUBLES:
        record_trouble(row, at=now)
    elif row.mail.ticket_id is not None:
        announce(kind="mail.delivery", subject_kind="ticket", subject_id=row.mail.ticket_id, client_visible=False)
    if is_final:
        _wipe_secret(row.mail)


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=_PAUSES_MINUTES[min(attempts, len(_PAUSES_MINUTES)) - 1])


def _wipe_secret(mail: OutboundMail) -> None:
    """Take the text out of a mail that opens something, once nobody needs it any more.

    Captured mail stays readable: reading it is what capturing is for.
    """
    if not mail.is_secret or settings.MAIL_DELIVERY == "capture":
        return
    if not mail.deliveries.unsettled().exists():
        OutboundMail.objects.filter(pk=mail.pk).update(text="", html="")
