"""Real SMTP servers on real sockets: one that takes mail, and one that misbehaves at a chosen stage."""

import asyncio
import selectors
import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deskhand.mail.smtp import Server


@dataclass
class Taken:
    """A mail as a server took it."""

    envelope_from: str
    recipients: list[str]
    raw: bytes


@dataclass
class Inbox:
    """What a receiving server took, and what it refuses: recipient to answer."""

    mails: list[Taken] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = bytes(envelope.original_content or b"")
        self.mails.append(Taken(envelope.mail_from or "", list(envelope.rcpt_tos), raw))
        return "250 2.0.0 Queued as ABC"


TOKEN_REFUSED = b'{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}'


@dataclass
class Guarded(Inbox):
    """One that takes mail only from who signed in: by password, or by a token it holds to be good."""

    passwords: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    senders: frozenset[str] = frozenset()
    """Who may be named as sender; empty for anybody."""
    refusal: str = "535 5.7.8 Username and Password not accepted"
    tried: list[str] = field(default_factory=list)
    """The ways somebody tried to sign in, in their order."""
    last_words: list[bytes] = field(default_factory=list)
    """What clients answered to the challenge that tells why a token was refused."""

    def authenticate(self, *given: Any) -> AuthResult:
        """Judge a password (aiosmtpd's authenticator: server, session, envelope, mechanism, data)."""
        mechanism, data = given[3:]
        self.tried.append(mechanism)
        is_known = isinstance(data, LoginPassword) and (
            self.passwords.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=is_known, handled=is_known, message=None if is_known else self.refusal)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 -- aiosmtpd's name
        said = b64decode(args[1]).decode()
        user, _, token = said.removeprefix("user=").removesuffix("\x01\x01").partition("\x01auth=Bearer ")
        return await self._judge(server, "XOAUTH2", user, token)

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 -- aiosmtpd's name
        said = b64decode(args[1]).decode()
        user, _, token = said.removeprefix("n,a=").removesuffix("\x01\x01").partition(",\x01auth=Bearer ")
        return await self._judge(server, "OAUTHBEARER", user, token)

    async def _judge(self, server: SMTP, way: str, user: str, token: str) -> AuthResult:
        self.tried.append(way)
        if token in self.tokens.get(user, set()):
            return AuthResult(success=True)
        answer = await server.challenge_auth(TOKEN_REFUSED)
        self.last_words.append(answer if isinstance(answer, bytes) else b"none")
        return AuthResult(success=False, handled=False, message=self.refusal)

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.57 Client not authenticated to send mail"
        if self.senders and address not in self.senders:
            return "550 5.7.60 Client does not have permissions to send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"


@contextmanager
def looping() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own, until every connection of it is closed."""
    selector = selectors.DefaultSelector()
    loop = asyncio.SelectorEventLoop(selector)

    async def close() -> None:
        while len(selector.get_map()) > 1:  # noqa: ASYNC110 -- nothing tells; what is left is how threads wake the loop
            await asyncio.sleep(0.005)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@contextmanager
def receiving_server(inbox: Inbox, *, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[Server]:
    """Run a well-behaved SMTP server; `tls` speaks TLS from the first byte, `options` are aiosmtpd's."""
    given: dict[str, Any] = {"enable_SMTPUTF8": True, "hostname": "mx.acme.example"} | options
    with looping() as loop:

        async def start() -> asyncio.Server:
            return await loop.create_server(lambda: SMTP(inbox, loop=loop, **given), "127.0.0.1", 0, ssl=tls)

        async def stop(server: asyncio.Server) -> None:
            server.close()

        server = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
        try:
            yield Server("127.0.0.1", server.sockets[0].getsockname()[1])
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), loop).result(20)


@contextmanager
def guarded_server(inbox: Guarded, *, without: tuple[str, ...] = (), **options: Any) -> Iterator[Server]:
    """Run a server that lets in who signs in, by any way it knows but those in `without`."""
    asking: dict[str, Any] = {
        "authenticator": inbox.authenticate,
        "auth_require_tls": False,
        "auth_exclude_mechanism": without,
    }
    with receiving_server(inbox, **asking | options) as server:
        yield server


CUT = ""
"""In a script: close the connection instead of answering."""
ENDLESS = "250-"
"""In a script: answer with one line after the other, and never with the last one."""


@contextmanager
def scripted_server(**answers: str) -> Iterator[Server]:
    """Run an SMTP server that says what the script says: greeting, ehlo, mail, rcpt, data, end, quit.

    CUT hangs up, ENDLESS never comes to an end.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    thread = threading.Thread(target=_serve_once, args=(listener, answers), daemon=True)
    thread.start()
    try:
        yield Server("127.0.0.1", listener.getsockname()[1])
    finally:
        listener.close()
        thread.join(20)


_FINE = {
    "greeting": "220 ready",
    "ehlo": "250 fine",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go on",
    "end": "250 taken",
    "quit": "221 bye",
    "auth": "535 5.7.8 Wrong password",
}


def _serve_once(listener: socket.socket, answers: dict[str, str]) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    with connection, connection.makefile("rb") as lines:
        stage = "greeting"
        while True:
            answer = answers.get(stage, _FINE.get(stage, "502 what?"))
            if answer == CUT:
                return
            if answer == ENDLESS:
                _say_without_end(connection)
                return
            connection.sendall(answer.encode() + b"\r\n")
            if stage == "data" and answer.startswith("354"):
                while (line := lines.readline()) not in {b".\r\n", b""}:
                    pass
                if not line:
                    return
                stage = "end"
                continue
            command = lines.readline()
            if not command:
                return
            stage = command.split()[0].decode().lower()


def _say_without_end(connection: socket.socket) -> None:
    """Say the lines of an answer, so slowly that they are no flood, until the other side hangs up."""
    with suppress(OSError):
        while True:
            connection.sendall(b"250-and more\r\n")
            time.sleep(0.02)
