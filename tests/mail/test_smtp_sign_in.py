"""Signing in at real SMTP servers, by password and by token, in the clear, by STARTTLS and by TLS."""

import hmac
import socket
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deskhand.mail.smtp import Answer, Blame, Result, Server, check, send
from deskhand.mail.smtp_sign_in import SIGNED_IN, NoWay, sign_in
from tests.core.certificates import context_for
from tests.mail.smtp_servers import Guarded, guarded_server, scripted_server

TOKENS = ("LOGIN", "PLAIN")
PASSWORDS = ("XOAUTH2", "OAUTHBEARER")
USER, PASSWORD = "support@brand.example", "correct-hörse"


def try_once(server: Server) -> Answer:
    return send(server, envelope_from=USER, recipient="cleo@acme.example", raw=b"Subject: x\r\n\r\nhello")


def by_password(server: Server, password: str = PASSWORD) -> Server:
    return replace(server, user=USER, password=password)


def by_token(server: Server, token: str) -> Server:
    return replace(server, user=USER, access_token=token)


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_signs_in_by_a_password_with_letters_outside_ascii(way: str) -> None:
    inbox = Guarded(passwords={USER: PASSWORD})
    others = tuple(one for one in (*TOKENS, *PASSWORDS) if one != way)
    with guarded_server(inbox, without=others) as server:
        assert try_once(by_password(server)).result == Result.SENT
    assert (inbox.tried, len(inbox.mails)) == ([way], 1)


def test_a_refused_password_is_the_sign_ins_fault_and_never_shown() -> None:
    inbox = Guarded(passwords={USER: PASSWORD})
    with guarded_server(inbox) as server:
        answer = try_once(by_password(server, "wrong-horse"))
    assert answer == Answer(Result.DEFERRED, inbox.refusal, Blame.SIGN_IN)
    assert "horse" not in repr(by_password(server, "wrong-horse")) + repr(by_token(server, "wrong-horse"))
    assert inbox.mails == []


@pytest.mark.parametrize(("way", "last_word"), [("XOAUTH2", b""), ("OAUTHBEARER", b"\x01")])
def test_a_token_lets_in_or_is_refused_with_the_reason(way: str, last_word: bytes) -> None:
    inbox = Guarded(tokens={USER: {"good-token"}})
    with guarded_server(inbox, without=tuple(one for one in (*TOKENS, *PASSWORDS) if one != way)) as server:
        assert try_once(by_token(server, "good-token")).result == Result.SENT
        answer = try_once(by_token(server, "old-token"))
    assert (inbox.tried, inbox.last_words) == ([way, way], [last_word])
    assert (answer.result, answer.blame) == (Result.DEFERRED, Blame.SIGN_IN)
    assert answer.words.startswith(f'{inbox.refusal} {{"status":"401"')
    assert "old-token" not in answer.words


def test_a_refusal_for_now_of_a_token_is_told_like_one_for_good() -> None:
    inbox = Guarded(refusal="454 4.7.0 Temporary authentication failure")
    with guarded_server(inbox) as server:
        answer = try_once(by_token(server, "any"))
    assert (answer.result, answer.blame) == (Result.DEFERRED, Blame.SIGN_IN)
    assert ("454 4.7.0" in answer.words, inbox.tried) == (True, ["XOAUTH2"])


def test_xoauth2_goes_before_oauthbearer_and_no_password_is_tried_with_a_token() -> None:
    inbox = Guarded(tokens={USER: {"good-token"}})
    with guarded_server(inbox) as server:
        assert try_once(by_token(server, "good-token")).result == Result.SENT
    assert inbox.tried == ["XOAUTH2"]


def test_a_server_that_offers_no_way_that_fits_is_told_so() -> None:
    with guarded_server(Guarded(), without=PASSWORDS) as server:
        answer = try_once(by_token(server, "token"))
    assert (answer.result, answer.blame) == (Result.DEFERRED, Blame.SERVER)
    assert answer.words == "The server offers no way to sign in that fits (LOGIN PLAIN)."


def test_a_cut_while_signing_in_is_tried_again() -> None:
    with scripted_server(ehlo="250-fine\r\n250 AUTH PLAIN", auth="") as server:
        answer = try_once(by_password(server))
    assert (answer.result, answer.blame) == (Result.DEFERRED, Blame.SERVER)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_who_has_to_sign_in_first_is_told_so_at_any_stage(stage: str) -> None:
    with scripted_server(**{stage: "530 5.7.57 Client not authenticated"}) as server:
        answer = try_once(server)
    assert (answer.result, answer.blame) == (Result.DEFERRED, Blame.SIGN_IN)


@pytest.mark.parametrize(
    ("script", "blame"),
    [
        ({"greeting": "421 busy"}, Blame.SERVER),
        ({"mail": "550 not you"}, Blame.SERVER),
        ({"rcpt": "550 5.1.1 unknown"}, Blame.MAIL),
        ({"rcpt": "450 later"}, Blame.MAIL),
        ({"end": "554 spam"}, Blame.MAIL),
    ],
)
def test_says_what_a_fault_is_about(script: dict[str, str], blame: Blame) -> None:
    with scripted_server(**script) as server:
        assert try_once(server).blame == blame


def test_checking_names_the_sender_and_sends_nothing() -> None:
    inbox = Guarded(passwords={USER: PASSWORD}, senders=frozenset({USER}))
    with guarded_server(inbox) as server:
        assert check(by_password(server), envelope_from=USER) == Answer(
            Result.SENT, "235 2.7.0 Authentication successful"
        )
        answer = check(by_password(server), envelope_from="bounce+1@desk.example")
        assert (answer.words[:10], answer.blame) == ("550 5.7.60", Blame.SERVER)
        assert "530" in check(server, envelope_from=USER).words
    assert inbox.mails == []
    assert "could not be reached" in check(Server("127.0.0.1", 1), envelope_from=USER).words


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_takes_the_connection_and_says_nothing_is_told_of(
    monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setattr("deskhand.mail.smtp.CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answer = check(Server("127.0.0.1", port, security), envelope_from=USER)
    words = f"127.0.0.1:{port} did not answer within 0.2 seconds."
    assert answer == Answer(Result.DEFERRED, words, Blame.SERVER)


def test_a_server_too_slow_to_take_the_mail_gets_no_end_of_it() -> None:
    inbox = Guarded(passwords={USER: PASSWORD})
    with guarded_server(inbox) as server:
        answer = send(by_password(server), envelope_from=USER, recipient="cleo@acme.example", raw=b"x", until=0)
    assert (answer.result, inbox.mails) == (Result.DEFERRED, [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypts_and_trusts_only_the_certificate_of_the_name(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_for("localhost", tmp_path)
    inbox = Guarded(passwords={USER: PASSWORD})
    options: dict[str, Any] = (
        {"tls": context} if security == "tls" else {"tls_context": context, "auth_require_tls": True}
    )
    with guarded_server(inbox, **options) as server:
        here = replace(by_password(server), host="localhost", security=security)
        assert "its certificate is not trusted" in try_once(here).words
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert try_once(here).result == Result.SENT
        assert try_once(replace(here, host="127.0.0.1")).result == Result.DEFERRED
    assert len(inbox.mails) == 1


def test_cram_md5_proves_the_password_without_saying_it() -> None:
    said: list[str] = []

    def say(line: str) -> tuple[int, bytes]:
        """The server of RFC 2195 §2."""
        said.append(line)
        if line == "AUTH CRAM-MD5":
            return 334, b64encode(b"<1896.697170952@postoffice.reston.mci.net>")
        is_right = b64decode(line) == b"tim b913a602c7eda7a495b4e6e7334d3890"
        return (SIGNED_IN, b"welcome") if is_right else (535, b"no")

    given = {"user": "tim", "password": "tanstaaftanstaaf", "access_token": ""}
    assert sign_in(say, offered="CRAM-MD5 PLAIN", **given) == (SIGNED_IN, b"welcome")
    assert len(said) == 2


def test_a_server_that_asks_for_the_name_again_gets_it() -> None:
    answers = iter([(334, b64encode(b"Username:")), (334, b64encode(b"Password:")), (SIGNED_IN, b"yes")])
    said: list[bytes] = []

    def say(line: str) -> tuple[int, bytes]:
        said.append(b64decode(line.rpartition(" ")[2]))
        return next(answers)

    assert sign_in(say, offered="LOGIN", user="u", password="p", access_token="")[0] == SIGNED_IN
    assert said == [b"u", b"u", b"p"]


def test_a_way_that_is_offered_and_fails_is_followed_by_the_next() -> None:
    answers = iter([(334, b"not base64!"), (535, b"no CRAM here"), (SIGNED_IN, b"yes")])
    code, _ = sign_in(lambda _: next(answers), offered="PLAIN CRAM-MD5", user="u", password="p", access_token="")
    assert code == SIGNED_IN


def test_a_server_that_asks_for_ever_is_left() -> None:
    lines: list[str] = []

    def say(line: str) -> tuple[int, bytes]:
        lines.append(line)
        return 334, b""

    assert sign_in(say, offered="PLAIN", user="u", password="p", access_token="")[0] == 334
    assert len(lines) < 10
    with pytest.raises(NoWay, match="none at all"):
        sign_in(say, offered="", user="u", password="p", access_token="")
    assert hmac.compare_digest(b64decode(lines[0].split()[-1]), b"\0u\0p")
