import contextlib
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.actions import sending
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.actions.receiving import receive
from deskhand.mail.actions.sending import GIVE_UP_AFTER, LEASE, MOST_LOST_LEASES, deliver, due_deliveries
from deskhand.mail.models import Delivery, DeliveryState, Door, MailSettings, OutboundMail
from deskhand.mail.parsing import parse
from deskhand.mail.smtp import Server
from deskhand.mail.tasks import sweep_outbox
from deskhand.tickets.actions.assignment import add_participant
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import SUPPORT, PostOffice, mail, work_off
from tests.mail.smtp_servers import CUT, Inbox, receiving_server, scripted_server
from tests.workspace import browsing

SENT_AT = NOON + timedelta(hours=1)


@contextmanager
def sending_to(server: Server) -> Iterator[None]:
    """Send for real, to this server."""
    with override_settings(MAIL_DELIVERY="smtp", SMTP_HOST=server.host, SMTP_PORT=server.port, SMTP_SECURITY="none"):
        yield


def try_at(moment: datetime, **script: str) -> Delivery:
    """Try the one delivery with a server that follows the script."""
    with scripted_server(**script) as server, sending_to(server):
        work_off(moment)
    return Delivery.objects.get()


def test_a_reply_arrives_once_for_each_recipient_with_one_message_id(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket, "Try again.")
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT)
        work_off(SENT_AT + timedelta(days=1))
    assert sorted(one.recipients[0] for one in inbox.mails) == ["cleo@acme.example", "dev@acme.example"]
    assert len({one.envelope_from for one in inbox.mails}) == 2
    assert {parse(one.raw).message_id for one in inbox.mails} == {OutboundMail.objects.get().message_id}
    for row in Delivery.objects.all():
        assert (row.state, row.server_answer, row.attempts) == (DeliveryState.SENT, "250 2.0.0 Queued as ABC", 1)


def test_one_refused_recipient_keeps_nobody_else_from_the_mail(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    inbox = Inbox(refusals={"cleo@acme.example": "550 5.1.1 No such user"})
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT)
    states = dict(Delivery.objects.values_list("address", "state"))
    assert states == {"cleo@acme.example": "failed", "dev@acme.example": "sent"}
    trouble = Event.objects.get(kind="mail.delivery_troubled")
    assert trouble.subject_id == ticket.pk
    assert trouble.data["answer"] == "550 5.1.1 No such user"
    assert trouble.data["name"] == "Cleo Clarke"


def test_the_message_says_how_many_of_its_recipients_got_it(cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    rows = Delivery.objects.order_by("pk")
    rows.update(state=DeliveryState.SENT, settled_at=SENT_AT)

    def summary() -> str:
        page = browsing.get(cast.ada, f"tickets/{ticket.number}").content.decode()
        found = re.search(r'id="delivery-2".*?</svg>([^<]*)</summary>', page, re.DOTALL)
        return found[1] if found else ""

    assert summary() == "Sent · 2 recipients"
    rows.filter(address="cleo@acme.example").update(state=DeliveryState.SUPPRESSED)
    assert summary() == "Not sent · 1 of 2 recipients"
    rows.filter(address="dev@acme.example").update(state=DeliveryState.FAILED)
    assert summary() == "Failed · 1 of 2 recipients"


def test_a_captured_mail_reaches_no_server(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server), override_settings(MAIL_DELIVERY="capture"):
        work_off(SENT_AT)
    assert Delivery.objects.get().state == DeliveryState.CAPTURED
    assert inbox.mails == []


def test_a_temporary_refusal_is_tried_again_later_and_later(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    moment = SENT_AT
    pauses = []
    for _ in range(4):
        row = try_at(moment, rcpt="450 4.2.0 greylisted")
        assert row.state == DeliveryState.DEFERRED
        assert row.next_try_at is not None
        pauses.append(row.next_try_at - moment)
        assert due_deliveries(now=row.next_try_at - timedelta(seconds=1)) == []
        moment = row.next_try_at
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]
    assert try_at(moment).state == DeliveryState.SENT
    assert Delivery.objects.get().attempts == 5


def test_gives_up_after_72_hours_and_says_so(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    assert try_at(SENT_AT, rcpt="450 greylisted").state == DeliveryState.DEFERRED
    almost = try_at(SENT_AT + GIVE_UP_AFTER - timedelta(seconds=1), rcpt="450 greylisted")
    assert almost.state == DeliveryState.DEFERRED
    row = try_at(SENT_AT + GIVE_UP_AFTER + timedelta(hours=5), rcpt="450 greylisted")
    assert row.state == DeliveryState.FAILED
    assert row.server_answer == "Given up after 72 hours. The last answer was: 450 greylisted"
    assert Event.objects.filter(kind="mail.delivery_troubled").exists()


def test_what_was_first_tried_late_still_has_its_72_hours(post: PostOffice, cast: Cast) -> None:
    MailSettings.objects.update(acknowledges=True)
    row = receive(mail(), door=Door.LMTP, at=NOON, envelope_from="cleo@acme.example", envelope_to=[SUPPORT])
    late = NOON + timedelta(hours=80)
    process_mail(row.pk, now=late)
    assert OutboundMail.objects.get().created_at == NOON
    assert try_at(late, rcpt="450 greylisted").state == DeliveryState.DEFERRED
    assert try_at(late + GIVE_UP_AFTER - timedelta(seconds=1), rcpt="450 greylisted").state == DeliveryState.DEFERRED
    assert try_at(late + GIVE_UP_AFTER + timedelta(hours=5), rcpt="450 greylisted").state == DeliveryState.FAILED


def test_an_unclear_end_is_flagged_and_not_sent_again(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    assert try_at(SENT_AT, end=CUT).state == DeliveryState.UNCLEAR
    assert due_deliveries(now=SENT_AT + timedelta(days=10)) == []
    assert Event.objects.get(kind="mail.delivery_troubled").data["state"] == "unclear"


@pytest.mark.parametrize("end", ["2", "OK queued"])
def test_an_odd_answer_to_the_end_may_be_a_yes_so_the_mail_is_not_sent_again(cast: Cast, end: str) -> None:
    cast.staff_reply(cast.ticket())
    row = try_at(SENT_AT, end=end)
    assert row.state == DeliveryState.UNCLEAR
    assert row.server_answer.startswith("The server's answer was neither Yes nor No")
    assert due_deliveries(now=SENT_AT + timedelta(days=10)) == []


def test_a_cut_before_the_end_is_tried_again(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    assert try_at(SENT_AT, data=CUT).state == DeliveryState.DEFERRED


def test_nobody_else_sends_what_a_worker_holds(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    row = Delivery.objects.get()
    Delivery.objects.update(state=DeliveryState.SENDING, lease_until=SENT_AT + LEASE)
    deliver(row.pk, clock=lambda: SENT_AT)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.SENDING, 0)


def test_what_a_killed_worker_left_behind_goes_out_with_the_same_message_id(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    Delivery.objects.update(state=DeliveryState.SENDING, lease_until=SENT_AT + LEASE, attempts=1)
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT + LEASE)
    assert parse(inbox.mails[0].raw).message_id == OutboundMail.objects.get().message_id
    assert Delivery.objects.get().attempts == 2


def die_at(moment: datetime) -> None:
    """Be a worker that takes up the one delivery and is killed before it writes anything down."""
    with contextlib.suppress(KeyboardInterrupt), patch.object(sending, "_try", side_effect=KeyboardInterrupt):
        work_off(moment)


def test_a_mail_of_which_three_workers_die_in_a_row_is_unclear_and_told(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    with receiving_server(Inbox()) as server, sending_to(server):
        for turn in range(MOST_LOST_LEASES):
            die_at(SENT_AT + turn * LEASE)
            assert Delivery.objects.get().state == DeliveryState.SENDING
        work_off(SENT_AT + MOST_LOST_LEASES * LEASE)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.lost_leases) == (DeliveryState.UNCLEAR, MOST_LOST_LEASES, 0)
    assert row.server_answer.endswith("It may have been sent.")
    assert Event.objects.get(kind="mail.delivery_troubled").data["state"] == "unclear"
    assert due_deliveries(now=SENT_AT + timedelta(days=10)) == []


def test_workers_that_die_now_and_then_are_not_counted_together(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    with receiving_server(Inbox()) as server, sending_to(server):
        for turn in range(MOST_LOST_LEASES - 1):
            die_at(SENT_AT + turn * LEASE)
    row = try_at(SENT_AT + timedelta(hours=1), rcpt="450 4.2.0 greylisted")
    assert (row.state, row.lost_leases) == (DeliveryState.DEFERRED, 0)


def test_a_worker_that_lost_its_lease_to_another_does_not_end_its_try(cast: Cast) -> None:
    """Else the mail would be due while the other one sends it, and go out twice."""
    cast.staff_reply(cast.ticket())
    newer = SENT_AT + timedelta(hours=2)

    def clock_of_a_slow_worker() -> datetime:
        Delivery.objects.filter(state=DeliveryState.SENDING).update(lease_until=newer)
        return SENT_AT

    with scripted_server(rcpt="450 4.2.0 greylisted") as server, sending_to(server):
        deliver(Delivery.objects.get().pk, clock=clock_of_a_slow_worker)
    row = Delivery.objects.get()
    assert (row.state, row.lease_until) == (DeliveryState.SENDING, newer)
    assert due_deliveries(now=SENT_AT + timedelta(hours=1)) == []


def test_a_worker_that_lost_its_lease_does_not_overwrite(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    row = Delivery.objects.get()

    def clock_of_a_slow_worker() -> datetime:
        """Between its two looks at the clock, another worker takes over and finishes."""
        Delivery.objects.filter(state=DeliveryState.SENDING).update(state=DeliveryState.SENT, lease_until=None)
        return SENT_AT

    deliver(row.pk, clock=clock_of_a_slow_worker)
    row.refresh_from_db()
    assert row.state == DeliveryState.SENT


def test_a_file_that_cannot_be_read_delays_the_mail(cast: Cast) -> None:
    file = cast.upload(cast.ben.user)
    cast.staff_reply(cast.ticket(), files=[file])
    File.objects.filter(pk=file.pk).update(storage_name="gone/away")
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT)
    assert (Delivery.objects.get().state, inbox.mails) == (DeliveryState.DEFERRED, [])


def test_a_mail_that_cannot_be_made_is_given_up_after_72_hours_and_told(cast: Cast) -> None:
    file = cast.upload(cast.ben.user)
    cast.staff_reply(cast.ticket(), files=[file])
    File.objects.filter(pk=file.pk).update(storage_name="../outside")
    row = try_at(SENT_AT)
    assert (row.state, row.attempts) == (DeliveryState.DEFERRED, 1)
    assert due_deliveries(now=SENT_AT) == []
    row = try_at(SENT_AT + GIVE_UP_AFTER)
    assert row.state == DeliveryState.FAILED
    assert row.server_answer.endswith("This mail could not be put together (SuspiciousFileOperation).")
    assert Event.objects.get(kind="mail.delivery_troubled").data["state"] == "failed"


def test_a_fault_of_ours_on_the_way_to_the_server_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.staff_reply(cast.ticket())
    monkeypatch.delattr(smtplib.SMTP, "rcpt")
    row = try_at(SENT_AT)
    assert (row.state, row.server_answer) == (DeliveryState.DEFERRED, "This mail could not be sent (AttributeError).")


def test_a_fault_of_ours_after_the_server_has_the_mail_is_an_unclear_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = smtplib.SMTP.send

    def send_and_fail_at_the_end(connection: smtplib.SMTP, said: Any) -> None:
        send(connection, said)
        if said == b".\r\n":
            raise LookupError

    cast.staff_reply(cast.ticket())
    monkeypatch.setattr(smtplib.SMTP, "send", send_and_fail_at_the_end)
    row = try_at(SENT_AT)
    assert (row.state, row.attempts) == (DeliveryState.UNCLEAR, 1)
    assert due_deliveries(now=SENT_AT + timedelta(days=10)) == []


def test_a_link_is_wiped_once_it_is_sent(cast: Cast) -> None:
    request_sign_in_link(address="cleo@acme.example", act=act_by(None))
    try_at(SENT_AT, rcpt="450 later")
    assert "/sign-in/link/" in OutboundMail.objects.get().text
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT + timedelta(hours=1))
    assert (OutboundMail.objects.get().text, OutboundMail.objects.get().html) == ("", "")
    assert b"/sign-in/link/" in inbox.mails[0].raw
    assert inbox.mails[0].envelope_from in {"", "<>"}


def test_sending_is_deferred_with_the_message_and_swept_once(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    jobs = ProcrastinateJob.objects.filter(task_name="mail.deliver")
    assert [job.args for job in jobs] == [{"delivery_id": Delivery.objects.get().pk}]
    sweep_outbox(timestamp=int(SENT_AT.timestamp()))
    assert jobs.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_reply_leaves_no_mail_behind(committed_cast: Cast) -> None:
    ticket = committed_cast.ticket()
    before = ProcrastinateJob.objects.filter(task_name="mail.deliver").count()
    with transaction.atomic():
        committed_cast.staff_reply(ticket)
        assert OutboundMail.objects.exists()
        transaction.set_rollback(True)
    assert not OutboundMail.objects.exists()
    assert ProcrastinateJob.objects.filter(task_name="mail.deliver").count() == before
