"""Security row 33: the server fails at each stage or refuses some: tried again to 72 hours, nobody twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import override_settings

from deskhand.mail.actions.sending import GIVE_UP_AFTER, deliver, due_deliveries
from deskhand.mail.models import Delivery, DeliveryState
from deskhand.mail.smtp import Server
from deskhand.tickets.actions.assignment import add_participant
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import work_off
from tests.mail.smtp_servers import CUT, Inbox, receiving_server, scripted_server
from tests.safety.conftest import Report

SENT_AT = NOON + timedelta(hours=1)
STAGES = [
    {"greeting": "421 closing"}, {"greeting": "554 no"}, {"greeting": CUT}, {"ehlo": CUT}, {"mail": "451 later"},
    {"mail": CUT}, {"rcpt": "450 greylisted"}, {"rcpt": "452 full"}, {"rcpt": CUT}, {"data": "451 later"},
    {"data": CUT}, {"end": "451 later"}, {"end": "452 full"},
]  # fmt: skip


@contextmanager
def sending_to(server: Server) -> Iterator[None]:
    with override_settings(MAIL_DELIVERY="smtp", SMTP_HOST=server.host, SMTP_PORT=server.port, SMTP_SECURITY="none"):
        yield


@pytest.mark.parametrize("script", STAGES, ids=str)
def test_after_a_fault_everyone_gets_it_once(cast: Cast, report: Report, script: dict[str, str]) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    for delivery_id in due_deliveries(now=SENT_AT):
        with scripted_server(**script) as server, sending_to(server):
            deliver(delivery_id, clock=lambda: SENT_AT)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DEFERRED}
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        for hour in range(1, 4):
            work_off(SENT_AT + timedelta(hours=hour))
    assert Counter(one.recipients[0] for one in inbox.mails) == {"cleo@acme.example": 1, "dev@acme.example": 1}
    report(f"a fault at {script}", 2, "each got it once")


def test_a_refused_recipient_keeps_nobody_else_waiting(cast: Cast, report: Report) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    inbox = Inbox(refusals={"cleo@acme.example": "550 5.1.1 unknown"})
    with receiving_server(inbox) as server, sending_to(server):
        for hour in range(0, 100, 4):
            work_off(SENT_AT + timedelta(hours=hour))
    assert [one.recipients for one in inbox.mails] == [["dev@acme.example"]]
    report("a recipient refused for good", 25, "the other got it once")


def test_it_is_tried_for_72_hours(cast: Cast, report: Report) -> None:
    cast.staff_reply(cast.ticket())
    inbox = Inbox(refusals={"cleo@acme.example": "450 greylisted"})
    with receiving_server(inbox) as server, sending_to(server):
        for hour in range(80):
            work_off(SENT_AT + timedelta(hours=hour))
    row = Delivery.objects.get()
    assert row.state == DeliveryState.FAILED
    assert row.settled_at is not None
    assert row.settled_at - NOON >= GIVE_UP_AFTER
    report("a server that is never ready", row.attempts, "given up after 72 hours")
