"""How fast pages are on seeded desks, one client and then eight, against the same SQL bare and a trivial answer.

Each desk runs as `deskhand up` runs it. The desks take turns within each round, so that what else the machine does
falls on all of them alike.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
import psycopg

from bin._bench_browser import Browser
from bin._bench_plan import Page, Plan
from bin._bench_times import Times, timed
from bin._desk import HEALTH, RunningDesk, running

WARM = 5
TOGETHER = 8
ask_around = partial(timed, fewest=3, longest=3000)
"""What is slow is asked less often: three times at least, and no longer than three seconds in a round."""
ONE_MORE_COMMIT = "SELECT pg_logical_emit_message(true, 'bench', 'a commit')"


@dataclass
class Measured:
    """What one page of one desk took in all rounds."""

    alone: Times = field(default_factory=Times)
    together: Times = field(default_factory=Times)
    statements: Times = field(default_factory=Times)
    trivial: Times = field(default_factory=Times)
    web: Times = field(default_factory=Times)
    """Processor time of the web server for one page, of each round."""
    database: Times = field(default_factory=Times)
    """The same of PostgreSQL."""

    @property
    def floor(self) -> float:
        """The statements bare and a trivial answer, medians."""
        return self.statements.p50 + self.trivial.p50


@dataclass
class Desk:
    """A seeded desk that runs, what is asked of it, and what that took, by the page's name."""

    up: RunningDesk
    plan: Plan
    measured: dict[str, Measured] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How many tickets it has."""
        return f"{self.plan.tickets:,}"

    def spent(self) -> tuple[float, float]:
        """Return the milliseconds of processor time so far of the web server and of PostgreSQL's backends."""
        backends = [child for process in self.up.database() for child in process.children()]
        return _spent(self.up.web()), _spent(backends)


def _spent(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times) * 1000


def main() -> None:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(prog="bin/bench pages")
    asked.add_argument(
        "--home", type=Path, action="append", required=True, help="a seeded folder; several are compared"
    )
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--requests", type=int, default=30, help="of each page in a round, by one client")
    asked.add_argument("--only", default="", help="a pattern that the names of pages hold")
    wanted = asked.parse_args()
    with ExitStack() as stack:
        plans = [(home, Plan.of(home)) for home in wanted.home]
        desks = [Desk(stack.enter_context(running(home)), plan) for home, plan in plans]
        names = [page.name for page in desks[0].plan.pages if re.search(wanted.only, page.name)]
        for turn in range(wanted.rounds):
            print(f"round {turn + 1}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            for name in names:
                for desk in desks:
                    measure(desk, desk.plan.page(name), wanted.requests)
                    print(f"  {desk.label} {name}: {desk.measured[name].alone.p50:.1f} ms", file=sys.stderr, flush=True)
    print("\n".join(table(desks)))


def measure(desk: Desk, page: Page, requests: int) -> None:
    """Take one round of a page: alone, eight together, the statements bare, the trivial answer."""
    found = desk.measured.setdefault(page.name, Measured())
    ask = Browser(desk.up.port, page.session).asker(page)
    ask_around(ask, WARM)
    before = desk.spent()
    taken = ask_around(ask, requests)
    web, database = (later - earlier for earlier, later in zip(before, desk.spent(), strict=True))
    found.alone += taken
    found.web.append(web / len(taken))
    found.database.append(database / len(taken))
    askers = [Browser(desk.up.port, page.session).asker(page) for _ in range(TOGETHER)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        for one in pool.map(lambda asker: ask_around(asker, max(2, requests // 4)), askers):
            found.together += one
    with psycopg.connect(desk.plan.database, autocommit=True) as bare:
        run = _statements(bare, page)
        ask_around(run, WARM)
        found.statements += ask_around(run, requests)
    fresh = Browser(desk.up.port, page.session)  # the server ends connections that were idle
    found.trivial += ask_around(lambda: fresh.get(HEALTH), requests)


def _statements(bare: psycopg.Connection, page: Page) -> Callable[[], None]:
    """Return what runs the page's statements; those of a form are rolled back, and one commit stands for theirs.

    Statements that are not noted with their values are left out: the floor is that much lower.
    """
    statements = [sql.encode() for sql in page.statements if sql and "($1" not in sql]

    def run() -> None:
        if page.fields:
            bare.execute("BEGIN")
        for sql in statements:
            cursor = bare.execute(sql)
            if cursor.description:
                cursor.fetchall()
        if page.fields:
            bare.execute("ROLLBACK")
            bare.execute(ONE_MORE_COMMIT)

    return run


def table(desks: Sequence[Desk]) -> Iterator[str]:
    """Yield a Markdown table: milliseconds, p50 and p95, and how many times slower the last desk is than the first."""
    heads = ["one client", "eight", "floor", "times", "processor", "blocks"]
    yield " | ".join(["| page", "SQL", *(f"{desk.label}: {head}" for desk in desks for head in heads), "growth |"])
    yield "|---" * (3 + len(heads) * len(desks)) + "|"
    for name, first in desks[0].measured.items():
        cells = [name, str(len(desks[-1].plan.page(name).statements))]
        for desk in desks:
            found = desk.measured[name]
            cells += [str(found.alone), str(found.together), f"{found.floor:.1f}"]
            cells += [f"{found.alone.p50 / found.floor:.1f}", f"{found.web.p50:.1f} + {found.database.p50:.1f}"]
            cells.append(f"{desk.plan.page(name).blocks:,}")
        yield f"| {' | '.join(cells)} | {desks[-1].measured[name].alone.p50 / first.alone.p50:.2f} |"


if __name__ == "__main__":
    main()
