"""The web application: Django in a few threads, live streams as native coroutines beside it.

A request reaches a thread only when its body has arrived whole, and an answer leaves the thread as
fast as a short queue takes it: slow or vanishing clients cost a coroutine, never a thread.
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from deskhand.project import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhand.project.settings")
_wsgi = get_wsgi_application()

# Models load only after Django. The routes load here, so that one without declared access stops the start.
from deskhand.project import live, request_body, urls  # noqa: E402, F401

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

WAITING_CHUNKS = 256  # of an answer: a file's chunk has 4 KiB
SEND_SECONDS = 60.0

# Typed as what it is used as: a2wsgi's own types spell out each message, Django's disagree on responses.
_django: Any = WSGIMiddleware(cast("Any", _wsgi), workers=env.WEB_THREADS.read(), send_queue_size=WAITING_CHUNKS)
_ending = asyncio.Event()


def end_streams() -> None:
    """Let every live stream end, so that the server can stop. Browsers connect again by themselves."""
    _ending.set()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or live through the server's life (the lifespan protocol)."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"] == "/live":
        await live.stream(scope, _until_ending(receive), send)
    else:
        await _answer(scope, receive, send)


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Take the body in, then let Django answer in a thread. A client that left is not answered."""
    careful_send = _patient(send)
    try:
        async with request_body.taken_in(scope, receive) as (whole_scope, whole_receive):
            await _django(whole_scope, whole_receive, careful_send)
    except request_body.ClientGone:
        return
    except request_body.Refused as refusal:
        await refusal.answer(careful_send)


def _patient(send: Send) -> Send:
    """Wrap `send` to drop the rest of an answer once the client has not taken any for a while."""
    is_gone = False

    async def send_or_drop(message: Message) -> None:
        nonlocal is_gone
        if is_gone:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)
        except (TimeoutError, OSError):
            is_gone = True

    return send_or_drop


def _until_ending(receive: Receive) -> Receive:
    """Wrap `receive` to report a disconnect also when this process is about to stop."""

    async def receive_or_end() -> Message:
        message = asyncio.ensure_future(receive())
        ending = asyncio.create_task(_ending.wait())
        try:
            await asyncio.wait({message, ending}, return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else {"type": "http.disconnect"}
        finally:
            message.cancel()
            ending.cancel()

    return receive_or_end


async def _lifespan(receive: Receive, send: Send) -> None:
    """Listen for live hints between the server's start and its end."""
    await receive()
    listener = asyncio.create_task(live.HUB.listen())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    listener.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listener
    await send({"type": "lifespan.shutdown.complete"})
