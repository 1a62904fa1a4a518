"""A desk that runs: its cold start, its memory, what a browser loads first, and how soon others hear of a change."""

import argparse
import asyncio
import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from bin._bench_pages import Browser, postmasters, running

STREAMS, CHANGES = 500, 10
IDLE_SECONDS = 20
_ASSETS = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"')
_IMPORTS = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="bin/bench running")
    asked.add_argument("--home", type=Path, required=True, help="a seeded folder")
    asked.add_argument("--port", type=int, default=8730)
    wanted = asked.parse_args()
    command = [sys.executable, "-m", "bin._bench_plan", str(wanted.home)]
    plan = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    pages = {page["name"]: page for page in plan["pages"]}
    began = time.monotonic()
    with running(wanted.home, wanted.port) as up:
        print(f"cold start to the first answer: {time.monotonic() - began:.1f} s")
        time.sleep(IDLE_SECONDS)
        print(f"idle after {IDLE_SECONDS} s, proportional set size: {_memory(up.pid, wanted.home):.0f} MB")
        for name in ("portal home", "portal ticket", "inbox, first page", "ticket, 20 entries"):
            sizes = dict(_first_load(wanted.port, pages[name]))
            print(f"first load of {name}: {sum(sizes.values()) / 1000:.1f} kB: {sizes}")
        delays = asyncio.run(_hear(wanted.port, pages["inbox, first page"], pages["create by the form"]))
        middle, late = statistics.median(delays), sorted(delays)[int(len(delays) * 0.95)]
        print(f"a new ticket, from sending to being heard on {STREAMS} streams: p50 {middle:.0f}, p95 {late:.0f} ms")
        print(f"with these streams closed again: {_memory(up.pid, wanted.home):.0f} MB")


def _memory(pid: int, home: Path) -> float:
    roots = [psutil.Process(pid), *postmasters(home)]
    everyone = {one.pid: one for root in roots for one in [root, *root.children(recursive=True)]}
    return float(sum(one.memory_full_info().pss for one in everyone.values()) / 1e6)


def _first_load(port: int, page: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the bytes on the wire of the page and each script and style it loads; fonts and the editor apart."""
    text, size = _fetched(port, page["path"], page["session"])
    yield "page", size
    waiting, known = _ASSETS.findall(text), set()
    while waiting:
        path = waiting.pop()
        if path in known or "/editor-" in path:
            continue
        known.add(path)
        text, size = _fetched(port, path, page["session"])
        yield path.rpartition("/")[2], size
        waiting += [f"/static/{name}" for name in _IMPORTS.findall(text)]


def _fetched(port: int, path: str, session: str) -> tuple[str, int]:
    import gzip

    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    content = answer.read()
    size = len(content) + len(str(answer.headers))
    return (gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content).decode(), size


async def _hear(port: int, staff: dict[str, Any], form: dict[str, Any]) -> list[float]:
    """Return, for each change and stream, the milliseconds from sending a form until the stream tells of it."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    streams = [await _stream(port, staff["session"], heard) for _ in range(STREAMS)]
    send = await asyncio.to_thread(Browser(port, form["session"]).sender, form["path"], form["fields"])
    delays: list[float] = []
    for _ in range(CHANGES):
        while not heard.empty():
            heard.get_nowait()
        began = time.perf_counter()
        await asyncio.to_thread(send)
        times = [await asyncio.wait_for(heard.get(), 60) for _ in range(STREAMS)]
        delays += [(at - began) * 1000 for at in times]
        await asyncio.sleep(1)
    for task, writer in streams:
        task.cancel()
        writer.close()
    return delays


async def _stream(port: int, session: str, heard: asyncio.Queue[float]) -> tuple[asyncio.Task[None], Any]:
    reader, writer = await asyncio.open_connection("localhost", port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n".encode())
    await reader.readuntil(b"retry:")

    async def listen() -> None:
        last = 0.0
        while line := await reader.readline():
            now = time.perf_counter()
            if line.startswith(b"data:") and now - last > 0.5:  # one change makes several lines
                heard.put_nowait(now)
                last = now

    return asyncio.create_task(listen()), writer


if __name__ == "__main__":
    main()
