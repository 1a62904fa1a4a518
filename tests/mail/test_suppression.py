"""Addresses nothing is sent to, and sending again what failed."""

from datetime import timedelta

import pytest

from deskhand.events.models import Event
from deskhand.mail.actions.resending import StillSuppressed, send_again
from deskhand.mail.actions.sending import GIVE_UP_AFTER, due_deliveries
from deskhand.mail.actions.suppression import release_address
from deskhand.mail.models import Delivery, DeliveryState, OutboundMail, SuppressedAddress
from deskhand.mail.parsing import parse
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail, work_off
from tests.mail.smtp_servers import CUT, Inbox, receiving_server
from tests.mail.test_sending import SENT_AT, sending_to, try_at

LATER = SENT_AT + timedelta(days=10)
DEAD = "550 5.1.1 No such user"


def test_a_dead_address_is_suppressed_and_gets_nothing_more(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert try_at(SENT_AT, rcpt=DEAD).state == DeliveryState.FAILED
    row = SuppressedAddress.objects.get()
    assert (row.address, row.reason) == ("cleo@acme.example", DEAD)
    cast.staff_reply(ticket, "Again.")
    second = Delivery.objects.order_by("-pk")[0]
    assert second.state == DeliveryState.SUPPRESSED
    assert DEAD in second.server_answer


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.7.1 Spam",
        "552 5.2.2 Mailbox full",
        "450 4.1.1 Unknown user, for now",
        "550 5.1.0 <bounce@desk.example>: Sender address rejected: User unknown in local recipient table",
        "550 5.1.8 Domain not found",
    ],
)
def test_other_refusals_suppress_nothing(cast: Cast, answer: str) -> None:
    cast.staff_reply(cast.ticket())
    try_at(SENT_AT, rcpt=answer)
    assert not SuppressedAddress.objects.exists()


def report(original: str = "") -> bytes:
    said = f"The mail {original} to cleo@acme.example failed:\n\n550 5.1.1 <cleo@acme.example>: User unknown"
    status = "Reporting-MTA: dns; mx.x\n\nFinal-Recipient: rfc822; cleo@acme.example\nAction: failed\nStatus: 5.1.1\n"
    return (
        "From: MAILER-DAEMON@mx.x.example\nTo: x@desk.example\nSubject: Undelivered Mail Returned to Sender\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{said}\n--b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {original}\n--b--\n"
    ).encode()


def test_a_report_to_the_return_address_suppresses_and_one_by_message_id_does_not(post: PostOffice, cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    try_at(SENT_AT)
    delivery = Delivery.objects.select_related("mail").get()
    post.deliver(report(delivery.mail.message_id), envelope_from="<>")
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert not SuppressedAddress.objects.exists()
    post.deliver(report() + b"\n", envelope_from="<>", envelope_to=(delivery.envelope_from,))
    assert SuppressedAddress.objects.get().address == "cleo@acme.example"


def test_an_admin_lets_mail_go_there_again(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    delivery = try_at(SENT_AT, rcpt=DEAD)
    act = act_by(cast.ada.user, at=LATER)
    with pytest.raises(StillSuppressed, match="cleo@acme"):
        send_again(delivery_id=delivery.pk, act=act)
    row = SuppressedAddress.objects.get()
    release_address(row_id=row.pk, act=act)
    release_address(row_id=row.pk, act=act)
    send_again(delivery_id=delivery.pk, act=act)
    assert due_deliveries(now=LATER) == [delivery.pk]
    assert Event.objects.filter(kind="mail.address_released").count() == 1


def test_what_is_sent_again_has_72_hours_of_its_own_and_the_same_message_id(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    delivery = try_at(SENT_AT, end=CUT)
    assert delivery.state == DeliveryState.UNCLEAR
    send_again(delivery_id=delivery.pk, act=act_by(cast.ben.user, at=LATER))
    assert try_at(LATER, rcpt="450 greylisted").state == DeliveryState.DEFERRED
    inbox = Inbox()
    with receiving_server(inbox) as server, sending_to(server):
        work_off(LATER + timedelta(hours=1))
    assert [parse(one.raw).message_id for one in inbox.mails] == [OutboundMail.objects.get().message_id]
    assert Event.objects.get(kind="mail.sending_asked_again").data["was"] == "unclear"


def test_gives_up_72_hours_after_it_was_asked_for(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    delivery = try_at(SENT_AT, end=CUT)
    send_again(delivery_id=delivery.pk, act=act_by(cast.ben.user, at=LATER))
    assert try_at(LATER + GIVE_UP_AFTER, rcpt="450 greylisted").state == DeliveryState.FAILED


def test_what_was_sent_is_not_sent_again(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    sent = try_at(SENT_AT)
    assert sent.state == DeliveryState.SENT
    send_again(delivery_id=sent.pk, act=act_by(cast.ben.user, at=LATER))
    assert due_deliveries(now=LATER) == []


def test_a_mail_that_a_person_sends_is_no_report(post: PostOffice, cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    post.deliver(mail("Unknown user? 550 5.1.1", at=NOON))
    assert not SuppressedAddress.objects.exists()
