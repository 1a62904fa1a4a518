"""Jobs of mail: each loads by id and calls one action, and may run twice."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskhand.events import Act, Via
from deskhand.mail.actions.processing import forgotten_mails, lane_of, process_mail, process_waiting
from deskhand.mail.actions.quarantine import (
    CannotBeReleased,
    NotInQuarantine,
    delete_mail,
    expired_mails,
    held_mails,
    release_mail,
)
from deskhand.mail.actions.sending import deliver, due_deliveries
from deskhand.mail.deferring import INCOMING, Urgency, defer_first, defer_once, drop_waiting
from deskhand.mail.ways_out import lane_of_delivery

PROCESS_RETRY = RetryStrategy(max_attempts=6, exponential_wait=4)


def _now() -> datetime:
    return datetime.now(UTC)


@app.task(name="mail.process_inbound", queue=INCOMING, retry=PROCESS_RETRY, priority=Urgency.INCOMING)
def process_inbound(mail_id: int, lane: int | None = None) -> None:
    """Bring mails of a lane that nobody has tried to their verdicts, and this mail if it was not among them.

    The jobs of the others are then gone.
    """
    if lane is not None:
        done = process_waiting(lane, now=_now())
        drop_waiting([_processing_key(one) for one in done if one != mail_id])
    process_mail(mail_id, now=_now())


@app.task(name="mail.deliver", priority=Urgency.OUTGOING)
def deliver_mail(delivery_id: int) -> None:
    """Try once to send one mail to one recipient."""
    deliver(delivery_id, clock=_now)


@app.task(name="mail.sweep_outbox", queueing_lock="mail.sweep_outbox")
def sweep_outbox(timestamp: int) -> None:
    """Try again what is due, and what a killed worker left behind. Periodic."""
    for delivery_id in due_deliveries(now=datetime.fromtimestamp(timestamp, UTC)):
        defer_delivery(delivery_id)


@app.task(name="mail.sweep_inbound", queueing_lock="mail.sweep_inbound")
def sweep_inbound(timestamp: int) -> None:
    """Process mail whose job is gone, whatever became of it. Periodic."""
    for mail_id, sender in forgotten_mails(now=datetime.fromtimestamp(timestamp, UTC)):
        defer_processing(mail_id, sender)


@app.task(name="mail.release_held", retry=PROCESS_RETRY)
def release_held(mailbox_id: int) -> None:
    """Let in what waited while a mailbox was off, in the order it came."""
    for mail_id in held_mails(mailbox_id=mailbox_id):
        try:
            release_mail(mail_id=mail_id, act=Act(actor=None, at=_now(), via=Via.SYSTEM))
        except (CannotBeReleased, NotInQuarantine):
            continue


@app.task(name="mail.purge_quarantine", queueing_lock="mail.purge_quarantine")
def purge_quarantine(timestamp: int) -> None:
    """Delete refused mail whose time is over. Periodic."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for mail_id in expired_mails(now=now):
        try:
            delete_mail(mail_id=mail_id, act=Act(actor=None, at=now, via=Via.SYSTEM))
        except NotInQuarantine:
            continue


def defer_release(mailbox_id: int) -> None:
    """Defer letting in what a mailbox held."""
    defer_once(release_held, lock=None, queueing_lock=f"mailbox-on:{mailbox_id}", mailbox_id=mailbox_id)


def defer_processing(mail_id: int, sender: str, *, is_new: bool = False) -> None:
    """Defer the processing of a mail, `is_new` if it was stored in this very transaction.

    Mails of one sender are processed in the order they came.
    """
    lane = lane_of(sender, mail_id)
    defer = defer_first if is_new else defer_once
    key = _processing_key(mail_id)
    defer(process_inbound, lock=f"mail-in-lane:{lane}", queueing_lock=key, mail_id=mail_id, lane=lane)


def _processing_key(mail_id: int) -> str:
    return f"mail-in:{mail_id}"


def defer_delivery(delivery_id: int) -> None:
    """Defer one try of one delivery; those by one server go one after the other."""
    lock = lane_of_delivery(delivery_id)
    defer_once(deliver_mail, lock=lock, queueing_lock=f"mail-out:{delivery_id}", delivery_id=delivery_id)
