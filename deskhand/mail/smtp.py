"""Handing one mail for one recipient to the outgoing server. The only module that speaks SMTP (RFC 5321)."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from deskhand.core.text import one_line
from deskhand.mail.addresses import ascii_domain

CONNECT_SECONDS = 30
ANSWER_SECONDS = 120
FINAL_ANSWER_SECONDS = 600
"""RFC 5321 §4.5.3.2.6 gives the server ten minutes to answer the end of the data."""
_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")
_ONE_ADDRESS = re.compile(r"^[^\s<>,;:\\\x00-\x1f\x7f]+@[^\s<>,;\\\x00-\x1f\x7f]+$")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Result(StrEnum):
    """How a try ended."""

    SENT = "sent"
    DEFERRED = "deferred"
    """Not now; trying again is safe, because the server cannot have taken the mail."""
    FAILED = "failed"
    UNCLEAR = "unclear"
    """The connection broke between the last byte and the answer: the server may or may not have taken it."""


@dataclass(frozen=True)
class Answer:
    """How a try ended, in the server's own words where it spoke."""

    result: Result
    words: str


@dataclass(frozen=True)
class Server:
    """The outgoing server. `security` is none, starttls or tls."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""
    greeting_name: str = "localhost"
    """What we call ourselves in EHLO."""


class _Refused(Exception):
    """The server answered a command with 4xx or 5xx."""

    def __init__(self, code: int, words: bytes) -> None:
        super().__init__(code)
        self.answer = Answer(_judge(code), _words(code, words))


def send(server: Server, *, envelope_from: str, recipient: str, raw: bytes) -> Answer:
    """Try once to hand over a mail for one recipient. Never raises for what servers and networks do.

    `envelope_from` is empty for the null path.
    """
    try:
        with _connected(server) as connection:
            _address(connection, envelope_from, recipient)
            return _hand_over(connection, raw)
    except _Refused as refusal:
        return refusal.answer
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        # What is refused before a recipient was named (greeting, login) is about the server, not about the mail.
        return Answer(Result.DEFERRED, _words(error.smtp_code, words))
    except smtplib.SMTPNotSupportedError as error:
        return Answer(Result.DEFERRED, one_line(str(error)))
    except (smtplib.SMTPException, OSError) as error:
        return Answer(Result.DEFERRED, _trouble(server, error))
    except ValueError as error:
        return Answer(Result.FAILED, f"This address cannot be written to ({one_line(str(error))}).")


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    context, name = ssl.create_default_context(), server.greeting_name
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS)
    try:
        if connection.sock is not None:
            connection.sock.settimeout(ANSWER_SECONDS)
        if server.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
        yield connection
    finally:
        _leave(connection)


def _leave(connection: smtplib.SMTP) -> None:
    try:
        if connection.sock is not None:
            connection.sock.settimeout(CONNECT_SECONDS)
            connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _address(connection: smtplib.SMTP, envelope_from: str, recipient: str) -> None:
    recipient = ascii_domain(recipient)
    if not _ONE_ADDRESS.match(recipient):
        raise ValueError("it is not one plain address")
    options = [] if recipient.isascii() else ["SMTPUTF8"]
    if options and not connection.has_extn("smtputf8"):
        raise _Refused(553, b"The outgoing server cannot take an address with letters outside ASCII.")
    connection.command_encoding = "utf-8" if options else "ascii"
    _expect(connection.mail(envelope_from, options), {250})
    _expect(connection.rcpt(recipient), {250, 251})


def _hand_over(connection: smtplib.SMTP, raw: bytes) -> Answer:
    _expect(connection.docmd("DATA"), {354})
    body = _LEADING_DOT.sub(b"..", _BARE_LINE_END.sub(b"\r\n", raw))
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    # Until the last line is sent, a broken connection cannot have left a mail behind.
    connection.send(body)
    try:
        if connection.sock is not None:
            connection.sock.settimeout(FINAL_ANSWER_SECONDS)
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return Answer(Result.UNCLEAR, f"The connection broke before the server answered ({one_line(str(error))}).")
    if code == 250:  # noqa: PLR2004 -- "requested action okay", RFC 5321 §4.2.3
        return Answer(Result.SENT, _words(code, words))
    return Answer(_judge(code), _words(code, words))


def _expect(reply: tuple[int, bytes], wanted: set[int]) -> None:
    code, words = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the server closed the connection")
    if code not in wanted:
        raise _Refused(code, words)


def _judge(code: int) -> Result:
    return Result.FAILED if 500 <= code < 600 else Result.DEFERRED  # noqa: PLR2004 -- 5yz is permanent


def _words(code: int, words: bytes) -> str:
    return one_line(f"{code} {words.decode('utf-8', 'replace')}")[:1000]


def _trouble(server: Server, error: Exception) -> str:
    said = one_line(str(error)) or type(error).__name__
    return f"{server.host}:{server.port} could not be reached ({said})."[:1000]
