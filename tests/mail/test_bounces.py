import pytest

from deskhand.mail.message import DeliveryState
from deskhand.mail.parsing import parse
from tests.mail.samples import sample

COMPLAINT = b"""From: x@isp.test
Subject: complaint
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
--b--"""
RECEIPT = b"""From: dev@acme.test
Subject: Read: Hello
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b

Your message was displayed.
--b
Content-Type: message/disposition-notification

Disposition: manual-action; displayed
--b--"""


def test_reads_each_recipient_of_a_machine_readable_report() -> None:
    bounce = parse(sample("postfix-bounce")).bounce
    assert bounce
    assert bounce.is_failure
    assert bounce.original_message_id == "<77.x@desk.test>"
    dead, full = bounce.recipients
    assert (dead.address, dead.status, dead.is_hard) == ("nobody@acme.test", "5.1.1", True)
    assert (full.address, full.status, full.is_hard) == ("full@acme.test", "5.2.2", False)
    assert full.diagnostic == "552 5.2.2 mailbox over quota"
    assert not bounce.is_hard


def test_reads_the_recipient_from_the_words_above_the_copy() -> None:
    bounce = parse(sample("qmail-bounce")).bounce
    assert bounce
    assert [(one.address, one.is_hard) for one in bounce.recipients] == [("gone@acme.test", True)]
    assert bounce.original_message_id == "<78.y@desk.test>"


@pytest.mark.parametrize(
    ("action", "state"), [("delayed", "delayed"), ("delivered", "delivered"), ("relayed", "delivered")]
)
def test_does_not_call_delays_and_successes_failures(action: str, state: str) -> None:
    report = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@acme.test\nAction: {action}\nStatus: 4.0.0\n"
    bounce = parse(_report(report)).bounce
    assert bounce
    assert bounce.state is DeliveryState(state)
    assert not bounce.is_failure
    assert not bounce.is_hard


def test_tells_a_warning_in_words_from_a_failure() -> None:
    bounce = parse(
        b"From: MAILER-DAEMON@x.test\nSubject: Warning: message delayed 24 hours\n\n"
        b"The message has not yet been delivered to:\n  a@acme.test\nDelivery attempts will continue.\n"
    ).bounce
    assert bounce
    assert bounce.state is DeliveryState.DELAYED


@pytest.mark.parametrize(
    "raw",
    [
        sample("vacation"),
        sample("gmail-reply"),
        b"From: cleo@acme.test\nSubject: Delivery failed?\nIn-Reply-To: <a@b>\n\nMy parcel could not be delivered.",
        b"From: cleo@acme.test\nSubject: Delivery problem\n\nThe courier says the address was not found.",
        b"From: postmaster@acme.test\nSubject: Re: [#5] Mail\nIn-Reply-To: <5.x@desk.test>\n\nUser unknown, it says.",
        COMPLAINT,
        RECEIPT,
    ],
    ids=["vacation", "reply", "answer", "parcel", "postmaster", "complaint", "receipt"],
)
def test_takes_other_mail_for_no_bounce(raw: bytes) -> None:
    assert parse(raw).bounce is None


def _report(status: str) -> bytes:
    return (
        "From: MAILER-DAEMON@x.test\nSubject: Report\nContent-Type: multipart/report; boundary=b\n\n--b\n\nReport\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}--b--\n"
    ).encode()
