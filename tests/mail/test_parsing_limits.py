import pytest

from deskhand.mail.forwards import split_forward
from deskhand.mail.parsing import Limits, parse
from deskhand.mail.parsing.reading import TOO_LARGE
from deskhand.mail.parsing.structure import HEADER_CUT, TOO_DEEP, TOO_MANY
from deskhand.mail.replies import newest_reply

pytestmark = pytest.mark.timeout(30)  # each of these took minutes in one parser or another


def test_reads_no_more_recipients_than_the_limit() -> None:
    people = b",\n ".join(b'"Person %d" <p%d@x.test>' % (one, one) for one in range(20_000))
    mail = parse(b"To: " + people + b"\nSubject: Hello\n\nx")
    assert len(mail.to) == 500
    assert mail.subject == "Hello"


def test_reads_no_more_parts_than_the_limit() -> None:
    mail = parse(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: a/b\n\nx\n" * 100_000)
    assert len(mail.attachments) == 1000
    assert mail.problems == (TOO_MANY,)


def test_keeps_what_nests_too_deeply_as_one_file() -> None:
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(20_000))
    mail = parse(b"".join(levels) + b"\nx")
    assert len(mail.attachments) == 1
    assert mail.problems == (TOO_DEEP,)


def test_cuts_a_header_that_is_too_long() -> None:
    mail = parse(b"Subject: Hello\n" + b"X-A: b\n" * 2000 + b"\nbody", limits=Limits(header_bytes=1000))
    assert mail.subject == "Hello"
    assert mail.text == "body"
    assert mail.problems == (HEADER_CUT,)


def test_reads_only_the_header_of_a_mail_that_is_too_large() -> None:
    mail = parse(b"Subject: Hello\n\n" + b"x" * 2000, limits=Limits(message_bytes=1000))
    assert (mail.subject, mail.text, mail.problems) == ("Hello", "", (TOO_LARGE,))


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
        b"Content-Type: text/html\n\n<div " + b"a " * 300_000,
        b"Content-Type: text/html\n\n" + b"<script>" * 100_000,
        b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 300_000,
        b'Content-Type: multipart/mixed; boundary="-"\n\n' + b"-" * 1_000_000,
        b"Subject: " + b"=?utf-8?q?" * 60_000 + b"?=\n\nx",
        b"To: " + b'"\\"' * 200_000 + b"\n\nx",
        b"Content-Type: text/plain; " + b'a="\\' * 100_000 + b"\n\nx",
        b"From: mailer-daemon@x.test\nSubject: failure\n\n" + b"-" * 60_000,
        b"From: mailer-daemon@x.test\nSubject: failure\n\n" + b"deliver to " * 6000,
    ],
    ids=["nested", "attributes", "scripts", "flowed", "dashes", "words", "quotes", "parameters", "report", "phrases"],
)
def test_reads_hostile_mail_in_the_end(raw: bytes) -> None:
    parse(raw)


@pytest.mark.parametrize(
    "text",
    [
        ("From: a@b.test " + "ABCDEFGHIJKLMNOPQRSTUVWX: x " * 140 + "\n") * 5000,
        ("On 1.1.2026 a@b.test " + "x " * 190 + "\n") * 5000,
        ("--" * 60 + "a@b.test:::" + "\n") * 5000,
        "a@b.test\n01/01/2026 12:00\nTo\nx\ncc\ny\n" * 3000,
        "a@b.test/\n" + "Sent by: x\n" * 20_000,
        ("| From | " + "x" * 1900 + "|\n") * 3000,
        ("reply " * 12 + "\n") * 5000,
    ],
    ids=["fields", "attributions", "dashes", "notes", "sent by", "rows", "markers"],
)
def test_finds_the_reply_and_the_forward_in_hostile_text_in_the_end(text: str) -> None:
    newest_reply(text)
    split_forward(text)
