import asyncio
import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail import lmtp
from deskhand.mail.models import InboundMail, Verdict
from tests.mail.post_office import SUPPORT, mail
from tests.mail.smtp_servers import looping

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def door() -> Iterator[int]:
    """Open the LMTP door; yields its port."""
    with looping() as loop:
        serving = lmtp.serve("127.0.0.1", 0)
        port = asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(20)
        try:
            yield port
        finally:
            asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result(20)


def hand_over(
    port: int, raw: bytes, *, sender: str = "cleo@acme.example", to: tuple[str, ...] = (SUPPORT,)
) -> list[str]:
    """Speak LMTP as a mail server does; returns the answer for each recipient."""
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        assert client.mail(sender, ["SMTPUTF8"])[0] == 250
        for address in to:
            assert client.rcpt(address)[0] == 250
        assert client.docmd("DATA")[0] == 354
        client.send(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        replies = [client.getreply() for _ in to]
        assert client.noop()[0] == 250
    return [f"{code} {words.decode()}" for code, words in replies]


def jobs_of(row: InboundMail) -> int:
    return ProcrastinateJob.objects.filter(task_name="mail.process_lane", args={"lane": row.lane}).count()


def test_says_250_once_the_bytes_are_committed_and_their_job_too() -> None:
    raw = mail(".\n..\ndots")
    with door() as port:
        assert hand_over(port, raw) == ["250 2.0.0 Stored"]
    row = InboundMail.objects.get()
    assert bytes(row.raw).replace(b"\r\n", b"\n").rstrip() == raw.rstrip()
    assert (row.door, row.verdict, row.envelope_from, row.envelope_to) == (
        "lmtp",
        Verdict.PENDING,
        "cleo@acme.example",
        [SUPPORT],
    )
    assert jobs_of(row) == 1


def test_answers_each_recipient_and_stores_once() -> None:
    to = (SUPPORT, "sales@desk.example", "jörg@desk.example")
    with door() as port:
        assert hand_over(port, mail(), to=to) == ["250 2.0.0 Stored"] * 3
    assert InboundMail.objects.get().envelope_to == list(to)


def test_takes_the_null_path() -> None:
    with door() as port:
        hand_over(port, mail(), sender="")
    assert InboundMail.objects.get().envelope_from == "<>"


def test_takes_lines_far_longer_than_the_standard_allows() -> None:
    raw = mail("x").rstrip() + b"\n" + b"long " * 40_000
    with door() as port:
        assert hand_over(port, raw) == ["250 2.0.0 Stored"]
    assert InboundMail.objects.get().size_bytes > 200_000


def test_refuses_what_is_too_large_for_each_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    with door() as port:
        monkeypatch.setattr(lmtp._Door, "line_length_limit", 1000)
        answers = hand_over(port, b"y" * 5000, to=(SUPPORT, "b@desk.example"))
        assert [answer[:3] for answer in answers] == ["500", "500"]
    assert not InboundMail.objects.exists()


def test_asks_to_try_again_when_the_database_refuses() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_inboundmail RENAME TO mail_away")
    try:
        with door() as port:
            answers = hand_over(port, mail(), to=(SUPPORT, "b@desk.example"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_away RENAME TO mail_inboundmail")
    assert [answer[:3] for answer in answers] == ["451", "451"]
    with door() as port:
        assert hand_over(port, mail())[0].startswith("250")


def test_a_connection_cut_in_the_middle_stores_nothing() -> None:
    with door() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.recv(1000)
        for line in (b"LHLO x", b"MAIL FROM:<a@b.example>", b"RCPT TO:<support@desk.example>", b"DATA"):
            client.sendall(line + b"\r\n")
            client.recv(1000)
        client.sendall(b"Subject: half a mail\r\n\r\nhal")
    assert not InboundMail.objects.exists()


def test_the_same_mail_handed_over_many_times_at_once_is_first_once() -> None:
    raw = mail()
    with door() as port, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: hand_over(port, raw)[0], range(12)))
    assert {answer[:3] for answer in answers} == {"250"}
    assert InboundMail.objects.count() == 12
    assert InboundMail.objects.filter(duplicate_of=None).count() == 1
    assert jobs_of(InboundMail.objects.earliest("pk")) == 1
