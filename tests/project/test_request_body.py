import asyncio
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from pytest_django import Settings

from deskhand.project import request_body
from deskhand.project.request_body import ClientGone, Message, Receive, Refused, Scope, taken_in

CHUNKED = {"type": "http", "headers": [(b"transfer-encoding", b"chunked"), (b"host", b"desk")]}


def client(*chunks: bytes, leaves: bool = False) -> Receive:
    """Return a `receive` that sends the chunks and then ends, or leaves without having ended."""

    def messages() -> Iterator[Message]:
        for number, chunk in enumerate(chunks, 1):
            yield {"type": "http.request", "body": chunk, "more_body": leaves or number < len(chunks)}
        yield {"type": "http.disconnect"}

    coming = messages()

    async def receive() -> Message:
        return next(coming)

    return receive


async def read_all(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message["body"])
        if not message["more_body"]:
            return body


def take(scope: dict[str, Any], receive: Receive) -> tuple[Scope, bytes]:
    async def run() -> tuple[Scope, bytes]:
        async with taken_in(scope, receive) as (whole, again):
            return whole, await read_all(again)

    return asyncio.run(run())


def test_hands_on_the_whole_body_with_its_length() -> None:
    scope, body = take(CHUNKED, client(b"a" * 100, b"b" * 50))
    assert body == b"a" * 100 + b"b" * 50
    assert scope["headers"] == [(b"host", b"desk"), (b"content-length", b"150")]


def test_hands_on_a_body_larger_than_memory_should_hold() -> None:
    chunk = b"x" * 70_000
    _, body = take(CHUNKED, client(*[chunk] * 20))
    assert len(body) == 20 * 70_000


def test_leaves_requests_without_a_body_alone() -> None:
    scope: Scope = {"type": "http", "headers": [(b"host", b"desk")]}

    async def run() -> bool:
        receive = client()
        async with taken_in(scope, receive) as (same_scope, same_receive):
            return same_scope is scope and same_receive is receive

    assert asyncio.run(run())


def test_never_hands_on_half_an_upload() -> None:
    with pytest.raises(ClientGone):
        take(CHUNKED, client(b"half", leaves=True))


def test_refuses_what_is_too_large_and_says_the_limit(settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    megabyte = b"x" * 1024**2
    with pytest.raises(Refused, match="more than 5 MB") as refused:
        take(CHUNKED, client(*[megabyte] * 6))
    assert refused.value.status == 413


def test_stops_reading_what_is_far_too_large(settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    receive = client(*[b"x" * 1024] * 1000)
    with pytest.raises(Refused):
        take(CHUNKED, receive)
    assert asyncio.run(_once(receive))["type"] == "http.request"


async def _once(receive: Receive) -> Message:
    return await receive()


def test_a_full_disk_is_said_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(SpooledTemporaryFile[bytes]):
        def write(self, _: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(request_body, "SpooledTemporaryFile", Full)
    with pytest.raises(Refused, match="no room") as refused:
        take(CHUNKED, client(b"x"))
    assert refused.value.status == 507


def test_a_silent_client_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "IDLE_SECONDS", 0.01)

    async def silent() -> Message:
        return await asyncio.Future()

    with pytest.raises(ClientGone):
        take(CHUNKED, silent)


def test_the_refusal_is_a_page_with_the_reason() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Refused(413, "Too <much>").answer(send))
    assert sent[0]["status"] == 413
    assert b"Too &lt;much&gt;" in sent[1]["body"]
