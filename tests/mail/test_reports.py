from datetime import datetime, timedelta

import pytest

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions.sending import LEASE, deliver
from deskhand.mail.models import Delivery, DeliveryState, InboundMail, OutboundMail, Verdict
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail, work_off
from tests.mail.smtp_servers import Inbox, receiving_server, scripted_server
from tests.mail.test_sending import SENT_AT, sending_to

REPORT = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{action}.{number}@mx.acme.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; cleo@acme.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: text/rfc822-headers

Message-ID: {original}
Subject: Re: x

--b--
"""


@pytest.fixture
def delivery(cast: Cast) -> Delivery:
    cast.staff_reply(cast.ticket())
    return Delivery.objects.select_related("mail").get()


def report(
    post: PostOffice,
    *,
    to: str,
    original: str = "<x@y>",
    action: str = "failed",
    status: str = "5.1.1",
    number: int = 1,
) -> InboundMail:
    raw = REPORT.format(to=to, original=original, action=action, status=status, number=number).replace("\n", "\r\n")
    return post.deliver(raw.encode(), envelope_from="<>", envelope_to=(to,), at=NOON + timedelta(hours=2))


def test_a_failure_to_its_own_return_address_marks_the_delivery(post: PostOffice, delivery: Delivery) -> None:
    row = report(post, to=delivery.envelope_from)
    delivery.refresh_from_db()
    assert row.verdict == Verdict.BOUNCE
    assert row.ticket == delivery.mail.ticket
    assert delivery.state == DeliveryState.FAILED
    assert "No such user" in delivery.server_answer
    trouble = Event.objects.get(kind="mail.delivery_troubled")
    assert (trouble.subject_id, trouble.is_client_visible) == (delivery.mail.ticket_id, False)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNCLEAR])
def test_a_failure_is_found_by_our_message_id_too(post: PostOffice, delivery: Delivery, state: DeliveryState) -> None:
    Delivery.objects.update(state=state)
    report(post, to="support@desk.example", original=delivery.mail.message_id)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED


def test_who_merely_knows_a_message_id_keeps_no_mail_from_going_out(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.ben.user))
    cast.staff_reply(ticket)
    named = OutboundMail.objects.get().message_id
    assert report(post, to="support@desk.example", original=named).verdict == Verdict.BOUNCE
    assert Delivery.objects.get(address="cleo@acme.example").state == DeliveryState.QUEUED
    inbox = Inbox(refusals={"cleo@acme.example": "450 greylisted"})
    with receiving_server(inbox) as server, sending_to(server):
        work_off(SENT_AT)
        report(post, to="support@desk.example", original=named, number=2)
        inbox.refusals = {}
        work_off(SENT_AT + timedelta(hours=1))
    assert sorted(one.recipients[0] for one in inbox.mails) == ["cleo@acme.example", "dev@acme.example"]
    assert not Event.objects.filter(kind="mail.delivery_troubled").exists()


def sent_during_a_report(post: PostOffice, delivery: Delivery, *, to: str) -> Delivery:
    """Try a delivery while its report comes in."""

    def clock_of_the_worker() -> datetime:
        if Delivery.objects.filter(state=DeliveryState.SENDING).exists():
            report(post, to=to, original=delivery.mail.message_id)
            assert Delivery.objects.filter(state=DeliveryState.SENDING, lease_until=SENT_AT + LEASE).exists()
        return SENT_AT

    with scripted_server() as server, sending_to(server):
        deliver(delivery.pk, clock=clock_of_the_worker)
    delivery.refresh_from_db()
    return delivery


def test_a_report_by_message_id_loses_no_answer_that_a_worker_waits_for(post: PostOffice, delivery: Delivery) -> None:
    row = sent_during_a_report(post, delivery, to="support@desk.example")
    assert (row.state, row.server_answer) == (DeliveryState.SENT, "250 taken")


def test_a_report_to_the_return_address_counts_once_its_worker_has_its_answer(
    post: PostOffice, delivery: Delivery
) -> None:
    row = sent_during_a_report(post, delivery, to=delivery.envelope_from)
    assert row.state == DeliveryState.FAILED
    assert "No such user" in row.server_answer
    assert "250 taken" in row.server_answer
    assert Event.objects.filter(kind="mail.delivery_troubled").count() == 1


def test_a_delay_is_no_failure(post: PostOffice, delivery: Delivery) -> None:
    row = report(post, to=delivery.envelope_from, action="delayed", status="4.4.1")
    delivery.refresh_from_db()
    assert (row.verdict, delivery.state) == (Verdict.BOUNCE, DeliveryState.QUEUED)


def test_reports_open_no_ticket_and_make_no_contact(post: PostOffice, delivery: Delivery) -> None:
    people = Contact.objects.count()
    for number, to in enumerate(["support@desk.example", delivery.envelope_from, delivery.envelope_from]):
        assert report(post, to=to, number=number).verdict == Verdict.BOUNCE
    assert Ticket.objects.count() == 1
    assert Contact.objects.count() == people
    assert Event.objects.filter(kind="mail.delivery_troubled").count() == 1


def test_a_vacation_note_to_the_return_address_is_an_auto_reply_of_the_ticket(
    post: PostOffice, delivery: Delivery
) -> None:
    raw = mail("Away.", to=delivery.envelope_from, auto_submitted="auto-replied", subject="Automatic reply: x")
    row = post.deliver(raw, envelope_from="<>", envelope_to=(delivery.envelope_from,))
    assert (row.verdict, row.ticket) == (Verdict.AUTO_REPLY, delivery.mail.ticket)
    assert row.entry is not None


def test_a_persons_answer_to_the_return_address_is_not_lost(post: PostOffice, delivery: Delivery) -> None:
    row = post.deliver(mail("Thanks!", to=delivery.envelope_from), envelope_to=(delivery.envelope_from,))
    assert (row.verdict, row.ticket) == (Verdict.ENTRY_ADDED, delivery.mail.ticket)
