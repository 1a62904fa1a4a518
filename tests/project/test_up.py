import http.client
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.project.desks import DEADLINE_SECONDS, command, deskhand, environment, free_port, wait_until, words

MANY = 600
"""Far more pages than one team has open, each with its connection."""


class Desk:
    """A running `deskhand up`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        home.mkdir(exist_ok=True)
        self.log = home / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command("up"), env=environment(home, DESKHAND_PORT=str(self.port)), stdout=log, stderr=log
            )

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def part(self, name: str) -> psutil.Process | None:
        """Return the child process that runs this command."""
        children = psutil.Process(self.process.pid).children()
        return next((child for child in children if name in words(child)), None)

    def database(self) -> psutil.Process | None:
        data = str(self.home / "postgres" / "data")
        return next((one for one in psutil.process_iter() if data in words(one)), None)

    def worker_is_alive(self) -> bool:
        return "ok       Worker: alive" in deskhand(self.home, "check").stdout


def kill_and_wait(desk: Desk, name: str) -> None:
    part = desk.part(name)
    assert part
    part.kill()
    wait_until(lambda: desk.part(name) not in {None, part}, f"another {name} runs")


@contextmanager
def running(home: Path) -> Iterator[Desk]:
    """Run a desk in this data folder until the block ends."""
    desk = Desk(home)
    try:
        wait_until(desk.answers, f"the desk answers: {desk.log.read_text()}")
        yield desk
    finally:
        desk.process.terminate()
        desk.process.wait(DEADLINE_SECONDS)


@pytest.fixture
def desk(prepared_home: Path) -> Iterator[Desk]:
    with running(prepared_home) as desk:
        yield desk


def test_runs_everything_mends_what_dies_and_stops_cleanly(desk: Desk) -> None:
    wait_until(desk.worker_is_alive, "the worker is alive")

    for name in ("worker", "web"):
        kill_and_wait(desk, name)
    wait_until(desk.answers, "the new web server answers")

    server = desk.database()
    assert server
    server.kill()
    wait_until(lambda: desk.database() not in {None, server}, "PostgreSQL runs again")
    wait_until(desk.answers, "the web server has its database back")

    assert "running already" in deskhand(desk.home, "up", DESKHAND_PORT=str(free_port())).stderr

    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(DEADLINE_SECONDS) == 0
    wait_until(lambda: desk.database() is None, "PostgreSQL has ended")
    assert "PostgreSQL had ended; it runs again." in desk.log.read_text()
    assert desk.log.read_text().endswith("Stopped.\n")


def test_prepares_a_database_that_is_not_by_itself_and_says_so(home: Path) -> None:
    with running(home) as desk:
        wait_until(desk.worker_is_alive, "the worker is alive")
        desk.process.send_signal(signal.SIGTERM)
        assert desk.process.wait(DEADLINE_SECONDS) == 0
        said = desk.log.read_text()
        assert re.match(r"Preparing the database \(\d+ migrations\) …\nDeskhand is ready: \S+\n", said)
        assert said.count("Preparing") == 1
        assert said.endswith("Stopped.\n")


def test_leaves_nothing_running_when_it_is_killed_itself(desk: Desk) -> None:
    desk.process.kill()
    desk.process.wait()
    wait_until(lambda: not desk.answers(), "the web server has ended")
    wait_until(lambda: desk.database() is None, "PostgreSQL has ended")


def test_many_open_pages_keep_nobody_out(desk: Desk) -> None:
    with ExitStack() as open_pages:
        for _ in range(MANY):
            page = open_pages.enter_context(socket.create_connection(("127.0.0.1", desk.port), timeout=30))
            page.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert page.recv(12) == b"HTTP/1.1 200"
        assert desk.answers()


def test_a_request_under_way_is_answered_before_the_end(desk: Desk) -> None:
    body = b"x" * 200_000
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.endheaders()
    connection.send(body[:100_000])
    os.kill(desk.process.pid, signal.SIGTERM)
    wait_until(lambda: not desk.answers(), "no new request is taken")
    connection.send(body[100_000:])
    assert connection.getresponse().status == http.client.FORBIDDEN  # no form token: but answered
    assert desk.process.wait(DEADLINE_SECONDS) == 0
