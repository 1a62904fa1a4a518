"""Handing one mail for one recipient to the outgoing server. The only module that speaks SMTP (RFC 5321)."""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Any

from deskhand.core.text import one_line
from deskhand.core.unreachable import why_unreachable
from deskhand.mail.addresses import ascii_domain
from deskhand.mail.smtp_sign_in import SIGNED_IN, NoWay, sign_in

CONNECT_SECONDS = 30
"""For each address of the server; as many for the greeting, and to take leave."""
ANSWER_SECONDS = 120
"""A server that says nothing at all for so long is not waited for, even where there is more time in all."""
HAND_OVER_SECONDS = 480
"""A server that has not taken the mail by then gets no end of the data: a try must be over before its lease is."""
FINAL_ANSWER_SECONDS = 600
"""RFC 5321 §4.5.3.2.6 gives the server ten minutes to answer the end of the data; for all lines of it together."""
LONGEST_TRY_SECONDS = HAND_OVER_SECONDS + FINAL_ANSWER_SECONDS + CONNECT_SECONDS
"""However slowly a server answers, and in however many lines. A lease must be longer, or a mail could go out twice."""
_SENT_AT_ONCE = 16 * 1024
"""One record of TLS: of more, each would get the whole time again."""
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
"""What RFC 4954 §6 says to someone who has to sign in, or cannot; some servers say so as late as MAIL."""
_TROUBLE = (smtplib.SMTPException, NoWay, OSError, ValueError)
_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")
_ONE_ADDRESS = re.compile(r"^[^\s<>,;:\\\x00-\x1f\x7f]+@[^\s<>,;\\\x00-\x1f\x7f]+$")
_LEADING_DOT = re.compile(rb"(?m)^\.")

logger = logging.getLogger(__name__)


class Result(StrEnum):
    """How a try ended."""

    SENT = "sent"
    DEFERRED = "deferred"
    """Not now; trying again is safe, because the server cannot have taken the mail."""
    FAILED = "failed"
    UNCLEAR = "unclear"
    """After the last byte came no answer, or neither a Yes nor a No: the server may or may not have taken it."""


_ENDS = {2: Result.SENT, 4: Result.DEFERRED, 5: Result.FAILED}
"""How a try ended by the first digit of the answer to the end of the data."""


class Blame(StrEnum):
    """What a fault is about."""

    MAIL = "mail"
    """This mail or its recipient: the server itself is well, as far as one can tell."""
    SERVER = "server"
    """The server, or what it thinks of this desk: every mail would fare the same."""
    SIGN_IN = "sign_in"
    """The server did not take the password or token."""


@dataclass(frozen=True)
class Answer:
    """How a try ended, in the server's own words where it spoke."""

    result: Result
    words: str
    blame: Blame = Blame.MAIL


@dataclass(frozen=True)
class Server:
    """An outgoing server. `security` is none, starttls or tls; without a user nobody signs in."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    greeting_name: str = "localhost"
    """What we call ourselves in EHLO."""
    access_token: str = field(default="", repr=False)
    """Signs in instead of the password where there is one."""


class _Timed(smtplib.SMTP):
    """A connection whose every step gets only the time that is left, so that dribbling wins nothing.

    smtplib knows no limit but the one of a socket, which begins anew with each byte that comes. `timeout` is how long
    the server may be silent, `until` when, on the monotonic clock, all has to be over.
    """

    def __init__(self, host: str, port: int, *, until: float, **options: Any) -> None:
        self.until = until
        self.limit()  # whoever comes too late disturbs no server
        super().__init__(host, port, **options)

    def give(self, seconds: float) -> None:
        """Let all be over after so many seconds, in which the server may be silent."""
        self.timeout, self.until = seconds, monotonic() + seconds

    def limit(self) -> None:
        """Limit the next step to the time that is left. Raises TimeoutError when there is none."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        if self.sock is not None:
            self.sock.settimeout(min(self.timeout, left))

    def require_time(self) -> None:
        """Limit the next step, or hang up: a QUIT could be taken for a line of the mail. Raises TimeoutError."""
        try:
            self.limit()
        except TimeoutError:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """Wait for an answer, all lines of it within the time that is left. Raises what `smtplib` does."""
        if self.file is None and self.sock is not None:
            self.file = BufferedReader(_TimedBytes(self))
        with _telling_silence(self.timeout, self.until):
            return super().getreply()

    def send(self, s: Any) -> None:
        """Send text or bytes within the time that is left. Raises TimeoutError, and what `smtplib` does."""
        said = s.encode(self.command_encoding) if isinstance(s, str) else s
        for start in range(0, len(said), _SENT_AT_ONCE):
            self.require_time()
            super().send(said[start : start + _SENT_AT_ONCE])


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    """The same through TLS from the first byte on."""


class _TimedBytes(RawIOBase):
    """What a server says, read within the time of its connection."""

    def __init__(self, connection: _Timed) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.limit()
        return self._connection.sock.recv_into(buffer) if self._connection.sock else 0


class _Silent(smtplib.SMTPServerDisconnected):
    """The server said nothing for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"did not answer within {seconds:g} seconds")


class _AddressRefused(Exception):
    """The recipient's address is none, or it or the sender's is none for this server."""


class _Refused(smtplib.SMTPResponseException):
    """The server answered MAIL or what follows with 4xx or 5xx."""


def send(server: Server, *, envelope_from: str, recipient: str, raw: bytes, until: float | None = None) -> Answer:
    """Try once to hand over a mail for one recipient.

    Never raises for what servers and networks do, and nothing at all once the server is given the mail.
    `envelope_from` is empty for the null path. `until`: when, on the monotonic clock, the mail is no more handed over.
    """
    until = monotonic() + HAND_OVER_SECONDS if until is None else until
    blame = Blame.SERVER
    try:
        with _connected(server, until) as (connection, _):
            recipient = _checked(recipient)
            _name_sender(connection, envelope_from, recipient)
            blame = Blame.MAIL
            _expect(connection.rcpt(recipient), {250, 251})
            return _hand_over(connection, raw)
    except _AddressRefused as error:
        return Answer(Result.FAILED, str(error))
    except _TROUBLE as error:
        return _judged(server, error, blame)


def check(server: Server, *, envelope_from: str) -> Answer:
    """Connect, sign in and name a sender, but send nothing. `SENT` with the server's words where all went well."""
    try:
        with _connected(server, monotonic() + HAND_OVER_SECONDS) as (connection, words):
            _name_sender(connection, envelope_from, "")
            return Answer(Result.SENT, words)
    except _AddressRefused as error:
        return Answer(Result.FAILED, str(error), Blame.SERVER)
    except _TROUBLE as error:
        return _judged(server, error, Blame.SERVER)


@contextmanager
def _telling_silence(seconds: float, until: float) -> Iterator[None]:
    """Raise _Silent where a step of so many seconds was waited for in vain, and there would be more time in all."""
    try:
        yield
    except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
        cause = error if isinstance(error, TimeoutError) else error.__context__
        if isinstance(cause, TimeoutError) and monotonic() < until:
            raise _Silent(seconds) from error
        raise


@contextmanager
def _connected(server: Server, until: float) -> Iterator[tuple[_Timed, str]]:
    """Connect and sign in while the block runs; yields also what the server said to that."""
    # Made only where it is needed: reading the authorities' certificates takes longer than sending a mail.
    context = None if server.security == "none" else ssl.create_default_context()
    options: dict[str, Any] = {"local_hostname": server.greeting_name, "timeout": CONNECT_SECONDS, "until": until}
    with _telling_silence(CONNECT_SECONDS, until):
        if server.security == "tls":
            connection: _Timed = _TimedTls(server.host, server.port, context=context, **options)
        else:
            connection = _Timed(server.host, server.port, **options)
    try:
        connection.timeout = ANSWER_SECONDS
        if server.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        yield connection, _introduced(connection, server)
    finally:
        _leave(connection)


def _leave(connection: _Timed) -> None:
    """Take leave, which must not keep anybody from writing down what the server said."""
    try:
        if connection.sock is not None:
            connection.give(CONNECT_SECONDS)
            connection.quit()
    except _TROUBLE:
        connection.close()
    except Exception:  # what the server said before stands
        logger.exception("a server could not be left")
        connection.close()


def _introduced(connection: smtplib.SMTP, server: Server) -> str:
    """Sign in where the server asks for it; returns what it said."""
    if not server.user:
        return one_line((connection.ehlo_resp or connection.helo_resp or b"").decode("utf-8", "replace"))[:1000]
    code, words = sign_in(
        connection.docmd,
        offered=connection.esmtp_features.get("auth", ""),
        user=server.user,
        password=server.password,
        access_token=server.access_token,
    )
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, words)
    return _words(code, words)


def _checked(recipient: str) -> str:
    recipient = ascii_domain(recipient)
    if not _ONE_ADDRESS.match(recipient):
        raise _AddressRefused("This address cannot be written to: it is not one plain address.")
    return recipient


def _name_sender(connection: smtplib.SMTP, envelope_from: str, recipient: str) -> None:
    envelope_from = ascii_domain(envelope_from)
    options = [] if (envelope_from + recipient).isascii() else ["SMTPUTF8"]
    if options and not connection.has_extn("smtputf8"):
        raise _AddressRefused("The outgoing server cannot take an address with letters outside ASCII.")
    connection.command_encoding = "utf-8" if options else "ascii"
    _expect(connection.mail(envelope_from, options), {250})


def _hand_over(connection: _Timed, raw: bytes) -> Answer:
    body = _as_data(raw)
    _expect(connection.docmd("DATA"), {354})
    is_ended = False
    try:
        connection.send(body)
        connection.require_time()
        is_ended = True
        connection.give(FINAL_ANSWER_SECONDS)
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except _TROUBLE as error:
        if not is_ended:  # until the last line is sent, a broken connection cannot have left a mail behind
            raise
        return Answer(Result.UNCLEAR, f"The connection broke before the server answered ({one_line(str(error))}).")
    except Exception as error:
        logger.exception("a mail may have been handed over or not")
        return Answer(Result.UNCLEAR, f"Something went wrong before the server answered ({type(error).__name__}).")
    return _judged_end(code, words)


def _as_data(raw: bytes) -> bytes:
    """Return a mail as it follows DATA, without the line that ends it (RFC 5321 §4.5.2)."""
    body = _LEADING_DOT.sub(b"..", _BARE_LINE_END.sub(b"\r\n", raw))
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _judged_end(code: int, words: bytes) -> Answer:
    """Return the answer to the end of the data. Only a plain No lets a mail go out again.

    An odd answer, or one that was cut short, may well come from a server that took the mail. The first of three digits
    says what is meant, and a client that does not know the rest goes by it (RFC 5321 §4.2.1 and §4.3.2).
    """
    result = _ENDS.get(code // 100, Result.UNCLEAR)
    said = _words(code, words)
    is_odd = result == Result.UNCLEAR
    return Answer(result, f"The server's answer was neither Yes nor No ({said})."[:1000] if is_odd else said)


def _expect(reply: tuple[int, bytes], wanted: set[int]) -> None:
    code, words = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the server closed the connection")
    if code not in wanted:
        raise _Refused(code, words)


def _judged(server: Server, error: Exception, blame: Blame) -> Answer:
    """Return the answer to what went wrong. Trying again is safe: nothing of it came after the end of the data."""
    if not isinstance(error, smtplib.SMTPResponseException):
        is_said = isinstance(error, smtplib.SMTPNotSupportedError | NoWay)
        return Answer(Result.DEFERRED, one_line(str(error)) if is_said else _trouble(server, error), blame)
    said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
    words = _words(error.smtp_code, said)
    if isinstance(error, smtplib.SMTPAuthenticationError) or error.smtp_code in _SIGN_IN_CODES:
        return Answer(Result.DEFERRED, words, Blame.SIGN_IN)
    # What is refused before a sender was named (the greeting, say) is about the server, not about the mail.
    return Answer(_judge(error.smtp_code) if isinstance(error, _Refused) else Result.DEFERRED, words, blame)


def _judge(code: int) -> Result:
    return Result.FAILED if 500 <= code < 600 else Result.DEFERRED  # noqa: PLR2004 -- 5yz is permanent


def _words(code: int, words: bytes) -> str:
    return one_line(f"{code} {words.decode('utf-8', 'replace')}")[:1000]


def _trouble(server: Server, error: Exception) -> str:
    if isinstance(error, _Silent):
        return f"{server.host}:{server.port} {error}."
    return f"{server.host}:{server.port} could not be reached: {why_unreachable(error)}."[:1000]
