"""The LMTP door (RFC 2033): a mail server hands mail over, and hears 250 only once it is stored durably.

Trouble with the database or the disk is answered with 4xx, so that the server keeps the mail and tries again.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from weakref import WeakSet

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.db import close_old_connections, connection

from deskhand.mail.actions.receiving import receive
from deskhand.mail.models import Door
from deskhand.mail.parsing import DEFAULT_LIMITS

STORING_THREADS = 4
LINE_LIMIT_BYTES = 1024 * 1024
"""Real mail has lines far beyond the 998 characters of RFC 5322 §2.1.1; the parser copes."""
IDLE_SECONDS = 300
RECIPIENT_LIMIT = 100
STORED = "250 2.0.0 Stored"
TRY_AGAIN = "451 4.3.0 The mail could not be stored just now; try again later"
TOO_MANY = "452 4.5.3 Too many recipients; send the rest in another transaction"

logger = logging.getLogger(__name__)


class _Door(LMTP):
    """aiosmtpd's LMTP, with long lines, and with one answer a recipient also when the data itself is refused."""

    line_length_limit = LINE_LIMIT_BYTES

    def __init__(self, handler: "_Handler") -> None:
        super().__init__(
            handler,
            data_size_limit=DEFAULT_LIMITS.message_bytes,
            enable_SMTPUTF8=True,
            hostname="deskhand",
            ident="Deskhand LMTP",
            timeout=IDLE_SECONDS,
        )
        self._answers_due = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- aiosmtpd's name
        """Take the data; RFC 2033 §4.2 asks for one answer for each recipient named."""
        recipients = len(self.envelope.rcpt_tos) if self.envelope else 0
        self._answers_due = recipients if recipients and not arg else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers_due = 0

    async def push(self, status: Any) -> None:
        """Repeat for every recipient what refuses the data as a whole ("500 Line too long", "552 Too much")."""
        is_refusal = isinstance(status, str) and status.startswith("5")
        for _ in range(max(1, self._answers_due if is_refusal else 1)):
            await super().push(status)


class _Handler:
    """What the door does with addresses and mail."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self.storing: set[asyncio.Future[str]] = set()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take every address: which ones come here is the mail server's decision."""
        del server, session
        if len(envelope.rcpt_tos) >= RECIPIENT_LIMIT:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Store the mail; one line of answer for each recipient, all alike, because it is stored once."""
        del server, session
        stored = asyncio.get_running_loop().run_in_executor(self._executor, _store, envelope)
        self.storing.add(stored)
        stored.add_done_callback(self.storing.discard)
        return "\r\n".join([await stored] * len(envelope.rcpt_tos))

    async def handle_exception(self, error: Exception) -> str:
        """Answer a fault of ours with 4xx: the mail server keeps the mail."""
        logger.error("the LMTP door stumbled", exc_info=error)
        return TRY_AGAIN


def _store(envelope: Envelope) -> str:
    close_old_connections()
    try:
        receive(
            bytes(envelope.original_content or b""),
            door=Door.LMTP,
            at=datetime.now(UTC),
            envelope_from=envelope.mail_from or "",
            envelope_to=list(envelope.rcpt_tos),
        )
    except Exception:
        logger.exception("a mail could not be stored; its sender will try again")
        return TRY_AGAIN
    finally:
        close_old_connections()
    return STORED


@asynccontextmanager
async def serve(host: str, port: int) -> AsyncGenerator[int]:
    """Open the door while the block runs; yields the port, which matters when `port` is 0. Raises OSError."""
    loop = asyncio.get_running_loop()
    executor = ThreadPoolExecutor(STORING_THREADS, thread_name_prefix="lmtp")
    handler = _Handler(executor)
    doors: WeakSet[_Door] = WeakSet()

    def open_door() -> _Door:
        door = _Door(handler)
        doors.add(door)
        return door

    server = await loop.create_server(open_door, host, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        if handler.storing:
            await asyncio.wait(handler.storing)
        for door in doors:
            if door.transport is not None:
                door.transport.close()
        await server.wait_closed()
        await loop.run_in_executor(None, _close, executor)


def _close(executor: ThreadPoolExecutor) -> None:
    """Let running stores end, and close the database connection of every thread."""
    everyone = Barrier(STORING_THREADS)

    def leave() -> None:
        connection.close()
        everyone.wait(IDLE_SECONDS)  # so that no thread leaves twice while another keeps its connection

    for _ in range(STORING_THREADS):
        executor.submit(leave)
    executor.shutdown(wait=True)
