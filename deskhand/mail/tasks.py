"""Jobs of mail: each loads by id and calls one action, and may run twice."""

import logging
from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskhand.events import Act, Via
from deskhand.mail.actions.lane_work import process_waiting
from deskhand.mail.actions.processing import forgotten_lanes, process_mail
from deskhand.mail.actions.quarantine import (
    NotInQuarantine,
    delete_mail,
    expired_mails,
    held_mails,
    let_in,
)
from deskhand.mail.actions.sending import deliver, due_deliveries
from deskhand.mail.deferring import INCOMING, Urgency, defer_after_this, defer_once
from deskhand.mail.ways_out import lane_of_delivery

logger = logging.getLogger(__name__)

PROCESS_RETRY = RetryStrategy(max_attempts=100, wait=10)
"""Trouble outside may last, and a mail that waits for its next try holds its lane up: soon, and often."""


def _now() -> datetime:
    return datetime.now(UTC)


@app.task(name="mail.process_lane", queue=INCOMING, priority=Urgency.INCOMING)
def process_lane(lane: int) -> None:
    """Bring mails of a lane to their verdicts; those that fail get jobs of their own."""
    work = process_waiting(lane, now=_now())
    for mail_id in work.failed:
        defer_once(process_inbound, lock=_lock_of(lane), queueing_lock=f"mail-in:{mail_id}", mail_id=mail_id)
    if work.is_more:
        defer_lane(lane)


@app.task(name="mail.process_inbound", queue=INCOMING, retry=PROCESS_RETRY, priority=Urgency.INCOMING)
def process_inbound(mail_id: int) -> None:
    """Bring one mail to its verdict that did not get it together with others."""
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
    for lane in forgotten_lanes(now=datetime.fromtimestamp(timestamp, UTC)):
        defer_lane(lane)


@app.task(name="mail.release_held", retry=PROCESS_RETRY)
def release_held(mailbox_id: int) -> None:
    """Let in what waited while a mailbox was off, in the order it came. What fails is tried again, behind the rest."""
    failed: list[Exception] = []
    for mail_id in held_mails(mailbox_id=mailbox_id):
        try:
            let_in(mail_id=mail_id, act=Act(actor=None, at=_now(), via=Via.SYSTEM))
        except NotInQuarantine:
            continue
        except Exception as error:
            logger.exception("mail %s could not be let in", mail_id)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} held mails could not be let in", failed)


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


def defer_lane(lane: int) -> None:
    """Defer the processing of what waits in a lane, with all that this transaction stores."""
    defer_after_this(process_lane, lock=_lock_of(lane), queueing_lock=_lock_of(lane), lane=lane)


def _lock_of(lane: int) -> str:
    return f"mail-in-lane:{lane}"


def defer_delivery(delivery_id: int) -> None:
    """Defer one try of one delivery; those by one server go one after the other."""
    lock = lane_of_delivery(delivery_id)
    defer_once(deliver_mail, lock=lock, queueing_lock=f"mail-out:{delivery_id}", delivery_id=delivery_id)
