"""Taking in a request's body before a thread works on it.

Small bodies stay in memory, larger ones go to a temporary file. Django therefore never sees half an
upload, and a client that sends slowly keeps nobody else waiting.
"""

import asyncio
import html
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IN_MEMORY_BYTES = 512 * 1024
CHUNK_BYTES = 64 * 1024
IDLE_SECONDS = 60.0
FILES_PER_REQUEST = 4  # a request may carry this many files of the largest size
READ_PAST_LIMIT = 2  # a browser shows our answer only after it has sent all: read on this far


class ClientGone(Exception):
    """The client went away, or stopped sending, before its request was complete."""


class Refused(Exception):
    """The body cannot be taken in; the message says why in words for the person."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words

    async def answer(self, send: Send) -> None:
        """Send a plain page with the reason, without Django: its threads were never reached."""
        page = f"<!doctype html><meta charset=utf-8><title>Not sent</title><p>{html.escape(self.words)}</p>"
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": page.encode()})


@asynccontextmanager
async def taken_in(scope: Scope, receive: Receive) -> AsyncIterator[tuple[Scope, Receive]]:
    """Yield the request with its whole body at hand: a scope that names its length, and a `receive`.

    Raises ClientGone or Refused (413 too large, 507 no room to keep it).
    """
    names = {name for name, _ in scope["headers"]}
    if not names & {b"content-length", b"transfer-encoding"}:
        yield scope, receive
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as file:
        size = await _spool(receive, file)
        file.seek(0)
        headers = [pair for pair in scope["headers"] if pair[0] not in {b"content-length", b"transfer-encoding"}]
        yield {**scope, "headers": [*headers, (b"content-length", b"%d" % size)]}, _replay(file, size)


def limit_bytes() -> int:
    """Return how large a whole request may be: a few of the largest files, and a form."""
    largest: int = settings.UPLOAD_LIMIT_BYTES
    return FILES_PER_REQUEST * largest + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


async def _spool(receive: Receive, file: IO[bytes]) -> int:
    """Write the body to `file` and return its size in bytes."""
    size, limit, is_whole = 0, limit_bytes(), False
    while not is_whole:
        chunk, is_whole = await _next(receive)
        size += len(chunk)
        if size > limit * READ_PAST_LIMIT:
            break
        if size <= limit:
            try:
                file.write(chunk)
            except OSError as error:
                words = "There is no room on the server to take this in. Nothing was sent; please try later."
                raise Refused(507, words) from error
    if size > limit:
        raise Refused(
            413,
            f"That is more than {limit // 1024**2} MB at once. Nothing was sent: go back, leave some "
            "files out and send again.",
        )
    return size


async def _next(receive: Receive) -> tuple[bytes, bool]:
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            message = await receive()
    except TimeoutError as error:
        raise ClientGone from error
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), not message.get("more_body", False)


def _replay(file: IO[bytes], size: int) -> Receive:
    left = size

    async def receive() -> Message:
        nonlocal left
        chunk = file.read(CHUNK_BYTES)
        left -= len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": left > 0}

    return receive
