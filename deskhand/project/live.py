"""Server-Sent Events: one PostgreSQL listener per process, fanned out to the open pages that may hear.

Native async, beside Django: a stream costs one coroutine, no thread and no database connection. Only hints go out
(`ticket:42 changed`); the page fetches its own fragment again through the ordinary permissions. A page says when it
was made (`/live?since=1795305600.5`, seconds since 1970), and hears first what has happened after that.
Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection
from django.http import HttpRequest

from deskhand.accounts.models import Agent, User
from deskhand.accounts.roles import Visibility
from deskhand.events.live import CHANNEL
from deskhand.tickets.models import Ticket, Viewer
from deskhand.web.viewers import agent_of, contact_of

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

KEEP_ALIVE_SECONDS = 20
RECONNECT_SECONDS = 2
WAITING_HINTS = 200
"""A page this far behind is told to reload everything instead."""
KEPT_HINTS = 500
LONGEST_TRANSACTION_SECONDS = 2
"""What a page did not see when it was made may have been written this much earlier and committed later."""
EVERYTHING = {"kind": "everything", "subject": "", "client": True}


@dataclass(eq=False)
class Subscriber:
    """One open stream and the hints waiting for it."""

    viewer: Viewer
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(WAITING_HINTS))


class Hub:
    """Hears NOTIFY on one connection and hands hints to every subscriber."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self._kept: deque[tuple[float, dict[str, Any]]] = deque(maxlen=KEPT_HINTS)
        self._complete_from = float("inf")

    def start(self, *, at: float) -> None:
        """Note that nothing is missed from now on, and tell every page to look again. `at` is in seconds since 1970."""
        self._kept.clear()
        self._complete_from = at
        for subscriber in self.subscribers:
            _queue(subscriber, EVERYTHING)

    def publish(self, payload: str, *, at: float) -> None:
        """Queue a hint everywhere and keep it for pages still on their way."""
        hint = json.loads(payload)
        if len(self._kept) == KEPT_HINTS:
            self._complete_from = self._kept[0][0]
        self._kept.append((at, hint))
        for subscriber in self.subscribers:
            _queue(subscriber, hint)

    def join(self, subscriber: Subscriber, *, since: float | None) -> None:
        """Hand hints to `subscriber` from now on, after those that its page missed; no `since`: it missed none."""
        self.subscribers.add(subscriber)
        if since is None:
            return
        since -= LONGEST_TRANSACTION_SECONDS
        if since < self._complete_from:
            _queue(subscriber, EVERYTHING)
            return
        for heard_at, hint in self._kept:
            if heard_at >= since:
                _queue(subscriber, hint)

    async def listen(self) -> None:
        """Listen for ever, connecting again when the database comes back; then every page is told to look again."""
        while True:
            try:
                await self._listen_once()
            except psycopg.Error as error:
                logger.warning("live listener lost its connection: %s", error)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        parameters = connection.get_connection_params()
        wanted = {"dbname", "user", "password", "host", "port", "sslmode"}
        arguments = {key: value for key, value in parameters.items() if key in wanted}
        listener = await psycopg.AsyncConnection.connect(autocommit=True, **arguments)
        async with listener:
            await listener.execute(f"LISTEN {CHANNEL}")
            self.start(at=time.time())
            async for notice in listener.notifies():
                self.publish(notice.payload, at=time.time())


def _queue(subscriber: Subscriber, hint: dict[str, Any]) -> None:
    """Add a hint; whoever cannot keep up gets one `everything` in place of all."""
    try:
        subscriber.queue.put_nowait(hint)
    except asyncio.QueueFull:
        while not subscriber.queue.empty():
            subscriber.queue.get_nowait()
        subscriber.queue.put_nowait(EVERYTHING)


HUB = Hub()


async def stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer GET /live with an endless event stream, or 401 to someone not signed in."""
    cookies = _cookies(scope)
    viewer = await sync_to_async(_viewer)(cookies)
    if viewer is None or scope["method"] != "GET":
        await _refuse(send)
        return
    subscriber = Subscriber(viewer)
    HUB.join(subscriber, since=_since(scope))
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _open(send)
        await _pump(subscriber, cookies, send, gone)
    finally:
        HUB.subscribers.discard(subscriber)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _pump(subscriber: Subscriber, cookies: dict[str, str], send: Send, gone: asyncio.Task[None]) -> None:
    while not gone.done():
        waiting = asyncio.create_task(subscriber.queue.get())
        await asyncio.wait({waiting, gone}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            hint = waiting.result()
            if await may_hear(subscriber.viewer, hint):
                await _send(send, f"data: {json.dumps(_public(hint))}\n\n")
            continue
        waiting.cancel()
        if gone.done() or await sync_to_async(_viewer)(cookies) is None:
            return
        await _send(send, ": still here\n\n")


def _public(hint: dict[str, Any]) -> dict[str, Any]:
    """Return what leaves the server: the topic alone, and not why it changed."""
    return {"topic": hint["subject"] or "everything"}


async def may_hear(viewer: Viewer, hint: dict[str, Any]) -> bool:
    """Return whether a hint may go out to this viewer: of what they see, and of what they alone were told."""
    if not hint["subject"]:
        return True
    if hint["subject"].startswith("agent:"):  # what one agent was told is nobody else's business
        return isinstance(viewer, Agent) and hint["subject"] == f"agent:{viewer.pk}"
    if isinstance(viewer, Agent):
        if viewer.role.visibility == Visibility.ALL:
            return True
    elif not hint["client"]:
        return False
    return await sync_to_async(_sees)(viewer, hint["subject"])


def _sees(viewer: Viewer, subject: str) -> bool:
    kind, _, number = subject.partition(":")
    close_old_connections()
    return kind == "ticket" and Ticket.objects.visible_to(viewer).filter(pk=int(number)).exists()


def _viewer(cookies: dict[str, str]) -> Viewer | None:
    """Return the agent or contact of the session cookie, checked like any request's."""
    close_old_connections()
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return None
    return agent_of(user) or contact_of(user)


def _since(scope: dict[str, Any]) -> float | None:
    """Return when the page was made, as it says; None for one that does not say."""
    try:
        return float(parse_qs(scope["query_string"].decode("latin-1"))["since"][0])
    except (KeyError, ValueError):
        return None


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with contextlib.suppress(CookieError):
                jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items()}


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _open(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _send(send, f"retry: {RECONNECT_SECONDS * 1000}\n\n")


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": b"Sign in first.\n"})
