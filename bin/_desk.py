"""A desk to measure or to try: opened in this process, or running beside it, until the block ends."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO

import psutil

SECONDS_TO_START = 120
SECONDS_TO_STOP = 90
HEALTH = "/healthz"


@contextmanager
def opened(home: Path | None = None, *, options: tuple[str, ...] = ()) -> Iterator[None]:
    """Open the desk of a data folder, migrated, with Django loaded; without a folder an empty one, thrown away.

    Its PostgreSQL is started with these options.
    """
    if home is None:
        with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as made, opened(Path(made), options=options):
            yield
        return
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # the database has a user of its own
    os.environ |= {"DESKHAND_HOME": str(home.resolve()), "DESKHAND_MAIL_DELIVERY": "capture"}
    from deskhand.project.cli.desk import desk
    from deskhand.project.cli.migrate import bring_up_to_date
    from deskhand.project.embedded import Lease

    with Lease(home.resolve(), options=options), desk():
        bring_up_to_date()
        yield


@dataclass(frozen=True)
class RunningDesk:
    """A desk that answers on a port of this machine."""

    home: Path
    port: int
    process: psutil.Process
    """`deskhand up`, which started web server and worker."""

    def web(self) -> list[psutil.Process]:
        """Return the web server's processes."""
        return [one for one in self.process.children() if "web" in one.cmdline()]

    def database(self) -> list[psutil.Process]:
        """Return the PostgreSQL server; its backends are its children."""
        found = [one for one in psutil.process_iter(["name", "cmdline"]) if one.info["name"] == "postgres"]
        return [one for one in found if str(self.home) in " ".join(one.info["cmdline"] or ())]


@contextmanager
def running(home: Path, *, command: Sequence[str] = (), awaited: str = HEALTH) -> Iterator[RunningDesk]:
    """Run `deskhand up` on a data folder until the block ends; it answers the path awaited when the block begins.

    `command` starts another `deskhand` than that of this tree. Exits with the end of the log where the desk does not
    come up, or does not stop as it should.
    """
    home, port = home.resolve(), free_port()
    environment = {
        **os.environ,
        "DESKHAND_HOME": str(home),
        "DESKHAND_PORT": str(port),
        "DESKHAND_LMTP_PORT": str(free_port()),
        "DESKHAND_MAIL_DELIVERY": "capture",
    }
    own = [sys.executable, "-m", "deskhand.project.cli"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*(command or own), "up"], env=environment, stdout=log, stderr=log)  # noqa: S603 -- our own command
        try:
            _await(process, port, awaited, log)
            yield RunningDesk(home, port, psutil.Process(process.pid))
        finally:
            process.terminate()
            code = process.wait(SECONDS_TO_STOP)
        if code:
            _give_up(f"The desk ended with {code}.", log)


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(process: "subprocess.Popen[bytes]", port: int, path: str, log: IO[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(port, path):
        if process.poll() is not None or time.monotonic() > deadline:
            _give_up(f"The desk never answered {path}.", log)
        time.sleep(0.02)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _give_up(words: str, log: IO[bytes]) -> None:
    log.seek(0)
    sys.exit(f"{log.read().decode(errors='replace')[-4000:]}\n{words}")
