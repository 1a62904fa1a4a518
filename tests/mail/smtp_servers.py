"""Real SMTP servers on real sockets: one that takes mail, and one that misbehaves at a chosen stage."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

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


@contextmanager
def looping() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@contextmanager
def receiving_server(inbox: Inbox) -> Iterator[Server]:
    """Run a well-behaved SMTP server."""
    with looping() as loop:

        async def start() -> asyncio.Server:
            return await loop.create_server(
                lambda: SMTP(inbox, enable_SMTPUTF8=True, hostname="mx.acme.example", loop=loop), "127.0.0.1", 0
            )

        async def stop(server: asyncio.Server) -> None:
            server.close()
            await asyncio.sleep(0)

        server = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
        try:
            yield Server("127.0.0.1", server.sockets[0].getsockname()[1])
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), loop).result(20)


CUT = ""
"""In a script: close the connection instead of answering."""


@contextmanager
def scripted_server(**answers: str) -> Iterator[Server]:
    """Run an SMTP server that says what the script says: greeting, ehlo, mail, rcpt, data, end. CUT hangs up."""
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
