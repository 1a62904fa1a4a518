"""A desk that runs: its cold start, its memory, what a browser loads first, and how soon others hear of a change."""

import argparse
import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

from bin._bench_browser import Browser
from bin._bench_plan import Page, Plan
from bin._bench_times import Times
from bin._desk import RunningDesk, running

STREAMS, CHANGES = 500, 10
SECONDS_TO_HEAR = 60
IDLE_SECONDS = 20
_ASSETS = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"')
_IMPORTS = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
_OF_TICKET = re.compile(rb'data: \{"topic": "ticket:(\d+)"\}')


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="bin/bench running")
    asked.add_argument("--home", type=Path, required=True, help="a seeded folder")
    home = asked.parse_args().home
    plan = Plan.of(home)
    began = time.monotonic()
    with running(home) as desk:
        print(f"cold start to the first answer: {time.monotonic() - began:.1f} s")
        time.sleep(IDLE_SECONDS)  # what is measured is a desk that has been idle for so long
        print(f"idle after {IDLE_SECONDS} s, proportional set size: {_memory(desk):.0f} MB")
        for name in ("portal home", "portal ticket", "inbox, first page", "ticket, 20 entries"):
            sizes = dict(_first_load(desk.port, plan.page(name)))
            print(f"first load of {name}: {sum(sizes.values()) / 1000:.1f} kB: {sizes}")
        heard = asyncio.run(_hear(desk.port, plan))
        print(f"a new ticket, from sending to being heard on {STREAMS} streams: p50 / p95 {heard} ms")
        print(f"with these streams closed again: {_memory(desk):.0f} MB")


def _memory(desk: RunningDesk) -> float:
    """Return the proportional set size of everything that belongs to the desk, in MB."""
    roots = [desk.process, *desk.database()]
    everyone = {one.pid: one for root in roots for one in [root, *root.children(recursive=True)]}
    return float(sum(one.memory_full_info().pss for one in everyone.values()) / 1e6)


def _first_load(port: int, page: Page) -> Iterator[tuple[str, int]]:
    """Yield the bytes on the wire of the page and each script and style it loads; fonts and the editor apart."""
    browser = Browser(port, page.session)
    text, size = browser.load(page.path)
    yield "page", size
    waiting, known = _ASSETS.findall(text), set()
    while waiting:
        path = waiting.pop()
        if path in known or "/editor-" in path:
            continue
        known.add(path)
        text, size = browser.load(path)
        yield path.rpartition("/")[2], size
        waiting += [f"/static/{name}" for name in _IMPORTS.findall(text)]


async def _hear(port: int, plan: Plan) -> Times:
    """Return, for each change and stream, the milliseconds from sending a form until the stream tells of it."""
    staff, form = plan.page("inbox, first page"), plan.page("create by the form")
    heard: asyncio.Queue[float] = asyncio.Queue()
    streams = [await _stream(port, staff.session) for _ in range(STREAMS)]
    listening = [asyncio.create_task(_listen(reader, plan.newest_id, heard)) for reader, _ in streams]
    send = await asyncio.to_thread(Browser(port, form.session).sender, form)
    delays = Times()
    for _ in range(CHANGES):
        began = time.perf_counter()
        await asyncio.to_thread(send)
        moments = [await asyncio.wait_for(heard.get(), SECONDS_TO_HEAR) for _ in streams]
        delays += [(moment - began) * 1000 for moment in moments]
    for task, (_, writer) in zip(listening, streams, strict=True):
        task.cancel()
        writer.close()
    return delays


async def _stream(port: int, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("localhost", port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n".encode())
    await reader.readuntil(b"retry:")
    return reader, writer


async def _listen(reader: asyncio.StreamReader, newest_id: int, heard: "asyncio.Queue[float]") -> None:
    """Tell when the stream first names each ticket that is newer than `newest_id`."""
    while line := await reader.readline():
        found = _OF_TICKET.match(line)
        if found and int(found[1]) > newest_id:
            newest_id = int(found[1])
            heard.put_nowait(time.perf_counter())


if __name__ == "__main__":
    main()
