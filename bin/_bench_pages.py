"""How fast pages are on seeded desks, one client and then eight, against the same SQL bare and a trivial answer.

Each desk runs as `deskhand up` runs it. The desks take turns within each round, so that what else the machine does
falls on all of them alike.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg

TRIVIAL = "/healthz"
WARM = 5
FEWEST, LONGEST_MS = 3, 3000
"""What is slow is asked less often: so few times at least, and no longer than this in a round."""
ONE_MORE_COMMIT = "SELECT pg_logical_emit_message(true, 'bench', 'a commit')"


@dataclass
class Times:
    """Milliseconds of one page of one desk."""

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)
    trivial: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    """Processor time of the web server for one page, of each round."""
    database: list[float] = field(default_factory=list)
    """The same of PostgreSQL."""

    @property
    def floor(self) -> float:
        """The statements bare and a trivial answer, medians."""
        return statistics.median(self.statements) + statistics.median(self.trivial)


@dataclass
class Desk:
    """A seeded desk that runs, and what is asked of it."""

    port: int
    plan: dict[str, Any]
    web: Sequence[psutil.Process]
    database: Sequence[psutil.Process]
    times: dict[str, Times] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How many tickets it has."""
        return f"{self.plan['tickets']:,}"

    def spent(self) -> tuple[float, float]:
        """Return the milliseconds of processor time so far of the web server and of PostgreSQL's backends."""
        backends = [child for process in self.database for child in process.children()]
        return _spent(self.web), _spent(backends)


def _spent(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times) * 1000


class Browser:
    """One kept connection, signed in."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)
        self.cookie = f"sessionid={session}"

    def get(self, path: str) -> str:
        """Return the page. Exits where it is none."""
        self.connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            sys.exit(f"{path} answers {answer.status}")
        return text

    def sender(self, path: str, fields: dict[str, str]) -> Callable[[], None]:
        """Return what sends the form there, each time as one new form."""
        self.connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.connection.getresponse()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
        token = found[1] if found else ""
        cookies = re.findall(r"csrftoken=\w+", str(answer.headers))
        headers = {
            "Cookie": "; ".join([self.cookie, *cookies[:1]]),
            "Content-Type": "application/x-www-form-urlencoded",
        }

        def send() -> None:
            key = os.urandom(16).hex()
            body = urlencode({**fields, "csrfmiddlewaretoken": token, "idempotency_key": key})
            self.connection.request("POST", path, body=body, headers=headers)
            reply = self.connection.getresponse()
            reply.read()
            if reply.status != 302:
                sys.exit(f"{path} answers {reply.status} to a form")

        return send

    def asker(self, page: dict[str, Any]) -> Callable[[], object]:
        """Return what asks for the page, or sends its form."""
        if page["fields"]:
            return self.sender(page["path"], page["fields"])
        return lambda: self.get(page["path"])


def main() -> None:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(prog="bin/bench pages")
    asked.add_argument(
        "--home", type=Path, action="append", required=True, help="a seeded folder; several are compared"
    )
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--requests", type=int, default=30, help="of each page in a round, by one client")
    asked.add_argument("--only", default="", help="a pattern that the names of pages hold")
    asked.add_argument("--port", type=int, default=8710)
    wanted = asked.parse_args()
    with contextlib.ExitStack() as stack:
        desks = []
        for place, home in enumerate(wanted.home):
            plan = json.loads(_child("bin._bench_plan", str(home)))
            plan["pages"] = [page for page in plan["pages"] if re.search(wanted.only, page["name"])]
            port = wanted.port + 2 * place
            up = stack.enter_context(running(home, port))
            web = [one for one in psutil.Process(up.pid).children() if "web" in one.cmdline()]
            desks.append(Desk(port, plan, web, postmasters(home)))
        for turn in range(wanted.rounds):
            print(f"round {turn + 1}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            for pages in zip(*(desk.plan["pages"] for desk in desks), strict=True):
                for desk, page in zip(desks, pages, strict=True):
                    measure(desk, page, wanted.requests)
                    middle = statistics.median(desk.times[page["name"]].alone)
                    print(f"  {desk.label} {page['name']}: {middle:.1f} ms", file=sys.stderr, flush=True)
    print("\n".join(table(desks)))


def _child(module: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603


@contextlib.contextmanager
def running(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the desk of a folder until the block ends; it answers when the block begins."""
    environment = {
        **os.environ,
        "DESKHAND_HOME": str(home.resolve()),
        "DESKHAND_PORT": str(port),
        "DESKHAND_LMTP_PORT": str(port + 1),
        "DESKHAND_MAIL_DELIVERY": "capture",
    }
    command = [sys.executable, "-m", "deskhand.project.cli", "up"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        await_answer(port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def postmasters(home: Path) -> list[psutil.Process]:
    """Return the PostgreSQL server of a folder; its backends are its children."""
    folder = str(home.resolve())
    found = psutil.process_iter(["name", "cmdline"])
    return [one for one in found if one.info["name"] == "postgres" and folder in " ".join(one.info["cmdline"] or ())]


def await_answer(port: int) -> None:
    """Return when the desk answers. Exits after two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            Browser(port, "").get(TRIVIAL)
        except OSError:
            time.sleep(0.02)
        else:
            return
    sys.exit("The desk does not answer.")


def measure(desk: Desk, page: dict[str, Any], requests: int) -> None:
    """Take one round of a page: alone, eight together, the statements bare, the trivial answer."""
    times = desk.times.setdefault(page["name"], Times())
    browser = Browser(desk.port, page["session"])
    ask = browser.asker(page)
    _timed(ask, WARM)
    before = desk.spent()
    taken = _timed(ask, requests)
    web, database = (later - earlier for earlier, later in zip(before, desk.spent(), strict=True))
    times.alone += taken
    times.web.append(web / len(taken))
    times.database.append(database / len(taken))
    askers = [Browser(desk.port, page["session"]).asker(page) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda one: _timed(one, max(2, requests // 4)), askers):
            times.together += found
    with psycopg.connect(desk.plan["database"], autocommit=True) as bare:
        run = _statements(bare, page)
        _timed(run, WARM)
        times.statements += _timed(run, requests)
    fresh = Browser(desk.port, page["session"])  # the server ends connections that were idle
    times.trivial += _timed(lambda: fresh.get(TRIVIAL), requests)


def _statements(bare: psycopg.Connection, page: dict[str, Any]) -> Callable[[], None]:
    """Return what runs the page's statements; those of a form are rolled back, and one commit stands for theirs.

    Statements that are noted without their values are left out: the floor is that much lower.
    """
    statements = [sql.encode() for sql in page["statements"] if "($1" not in sql]

    def run() -> None:
        if page["fields"]:
            bare.execute("BEGIN")
        for sql in statements:
            cursor = bare.execute(sql)
            if cursor.description:
                cursor.fetchall()
        if page["fields"]:
            bare.execute("ROLLBACK")
            bare.execute(ONE_MORE_COMMIT)

    return run


def _timed(work: Callable[[], object], times: int) -> list[float]:
    found: list[float] = []
    while len(found) < times and (len(found) < FEWEST or sum(found) < LONGEST_MS):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def table(desks: Sequence[Desk]) -> Iterator[str]:
    """Yield a Markdown table: milliseconds, p50 and p95, and how many times slower the last desk is than the first."""
    heads = ["one client", "eight", "floor", "times", "processor", "blocks"]
    yield " | ".join(["| page", "SQL", *(f"{desk.label}: {head}" for desk in desks for head in heads), "growth |"])
    yield "|---" * (3 + len(heads) * len(desks)) + "|"
    for name in desks[0].times:
        pages = [next(page for page in desk.plan["pages"] if page["name"] == name) for desk in desks]
        cells = [name, str(len(pages[-1]["statements"]))]
        for desk, page in zip(desks, pages, strict=True):
            times = desk.times[name]
            middle = statistics.median(times.alone)
            cells += [_pair(times.alone), _pair(times.together), f"{times.floor:.1f}", f"{middle / times.floor:.1f}"]
            cells.append(f"{statistics.median(times.web):.1f} + {statistics.median(times.database):.1f}")
            cells.append(f"{page['blocks']:,}")
        first, last = (statistics.median(desk.times[name].alone) for desk in (desks[0], desks[-1]))
        yield f"| {' | '.join(cells)} | {last / first:.2f} |"


def _pair(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} / {_percentile(values, 0.95):.1f}"


if __name__ == "__main__":
    main()
