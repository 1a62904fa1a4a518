import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest

from deskhand.mail import smtp
from deskhand.mail.actions.sending import LEASE
from deskhand.mail.smtp import Result, Server, send
from tests.mail.smtp_servers import CUT, ENDLESS, Inbox, receiving_server, scripted_server

RAW = b"Subject: x\r\n\r\n.dot\r\n..two\r\nbare\nlast"


def try_once(server: Server, *, recipient: str = "cleo@acme.example") -> tuple[Result, str]:
    answer = send(server, envelope_from="bounce@desk.example", recipient=recipient, raw=RAW)
    return answer.result, answer.words


def test_hands_a_mail_over_unchanged() -> None:
    inbox = Inbox()
    with receiving_server(inbox) as server:
        assert try_once(server) == (Result.SENT, "250 2.0.0 Queued as ABC")
    (taken,) = inbox.mails
    assert (taken.envelope_from, taken.recipients) == ("bounce@desk.example", ["cleo@acme.example"])
    assert taken.raw == b"Subject: x\r\n\r\n.dot\r\n..two\r\nbare\r\nlast\r\n"


def test_sends_with_the_null_path() -> None:
    inbox = Inbox()
    with receiving_server(inbox) as server:
        assert send(server, envelope_from="", recipient="x@y.example", raw=RAW).result == Result.SENT
    assert inbox.mails[0].envelope_from in {"", "<>"}


def test_sends_to_an_address_outside_ascii_where_the_server_can() -> None:
    inbox = Inbox()
    with receiving_server(inbox) as server:
        assert try_once(server, recipient="jörg@acme.example")[0] == Result.SENT
    assert inbox.mails[0].recipients == ["jörg@acme.example"]
    with scripted_server() as server:
        result, words = try_once(server, recipient="jörg@acme.example")
    assert result == Result.FAILED
    assert "outside ASCII" in words


def test_writes_a_domain_outside_ascii_as_dns_knows_it() -> None:
    inbox = Inbox()
    with receiving_server(inbox) as server:
        assert try_once(server, recipient="info@münchen.example")[0] == Result.SENT
    assert inbox.mails[0].recipients == ["info@xn--mnchen-3ya.example"]


def test_an_address_that_would_begin_a_command_of_its_own_is_refused() -> None:
    inbox = Inbox()
    with receiving_server(inbox) as server:
        assert try_once(server, recipient="a@b.example>\r\nRCPT TO:<eve@other.example")[0] == Result.FAILED
    assert inbox.mails == []


def test_a_server_that_is_not_there_is_tried_again() -> None:
    result, words = try_once(Server("127.0.0.1", 1))
    assert result == Result.DEFERRED
    assert "127.0.0.1:1" in words


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"greeting": "554 no service"}, Result.DEFERRED),
        ({"greeting": CUT}, Result.DEFERRED),
        ({"ehlo": CUT}, Result.DEFERRED),
        ({"mail": "451 later"}, Result.DEFERRED),
        ({"mail": "550 never"}, Result.FAILED),
        ({"mail": CUT}, Result.DEFERRED),
        ({"rcpt": "450 greylisted"}, Result.DEFERRED),
        ({"rcpt": "550 5.1.1 unknown"}, Result.FAILED),
        ({"rcpt": CUT}, Result.DEFERRED),
        ({"data": "451 later"}, Result.DEFERRED),
        ({"data": "554 no"}, Result.FAILED),
        ({"data": CUT}, Result.DEFERRED),
        ({"end": "451 later"}, Result.DEFERRED),
        ({"end": "554 spam"}, Result.FAILED),
        ({"end": "252 2.0.0 accepted"}, Result.SENT),
        ({"end": "200 ok"}, Result.SENT),
        ({"end": "25"}, Result.UNCLEAR),
        ({"end": "354 go on"}, Result.UNCLEAR),
        ({"end": "999 what"}, Result.UNCLEAR),
        ({"end": CUT}, Result.UNCLEAR),
        ({"quit": CUT}, Result.SENT),
    ],
)
def test_judges_a_fault_by_its_stage(script: dict[str, str], expected: Result) -> None:
    with scripted_server(**script) as server:
        result, words = try_once(server)
    assert result == expected
    assert words
    for said in script.values():
        assert said in words or not said or "quit" in script


@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data"])
def test_a_server_that_dribbles_gets_no_more_time_and_no_mail(stage: str) -> None:
    with scripted_server(**{stage: ENDLESS}) as server:
        answer = send(server, envelope_from="", recipient="x@y.example", raw=RAW, until=monotonic() + 0.3)
    assert answer.result == Result.DEFERRED


def test_a_server_that_takes_too_long_to_read_gets_no_end_of_the_mail() -> None:
    hung_up = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        last_read = pool.submit(read_after, hung_up, listener)
        server = Server("127.0.0.1", listener.getsockname()[1])
        raw = b"x" * 70 + b"\r\n"
        answer = send(server, envelope_from="", recipient="x@y.example", raw=raw * 500_000, until=monotonic() + 1)
        hung_up.set()
        assert answer.result == Result.DEFERRED
        assert not last_read.result(20).endswith(b"\r\n.\r\n")


def read_after(hung_up: Event, listener: socket.socket) -> bytes:
    """Answer until a mail is to come, and read it only when the other side has hung up; returns its end."""
    connection, _ = listener.accept()
    with connection, suppress(ConnectionError):
        for answer in (b"220 ready", b"250 fine", b"250 fine", b"250 fine", b"354 go on"):
            connection.sendall(answer + b"\r\n")
            last = connection.recv(1000)
        hung_up.wait(20)
        while more := connection.recv(1_000_000):
            last = (last + more)[-5:]
    return last


def test_all_lines_of_the_last_answer_have_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "FINAL_ANSWER_SECONDS", 0.3)
    with scripted_server(end=ENDLESS) as server:
        assert try_once(server)[0] == Result.UNCLEAR


def test_taking_leave_of_a_server_that_dribbles_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 1)
    with scripted_server(quit=ENDLESS) as server:
        assert try_once(server) == (Result.SENT, "250 taken")


def test_the_longest_try_is_over_well_before_its_lease() -> None:
    assert timedelta(seconds=smtp.LONGEST_TRY_SECONDS) + timedelta(minutes=1) < LEASE


def test_a_refused_login_is_tried_again() -> None:
    with scripted_server(ehlo="250-fine\r\n250 AUTH PLAIN") as server:
        logged_in = Server(server.host, server.port, user="u", password="secret-word")
        result, words = try_once(logged_in)
    assert result == Result.DEFERRED
    assert "535" in words
    assert "secret-word" not in words


def test_a_server_without_starttls_gets_nothing() -> None:
    with scripted_server() as server:
        result, words = try_once(Server(server.host, server.port, security="starttls"))
    assert result == Result.DEFERRED
    assert "STARTTLS" in words
