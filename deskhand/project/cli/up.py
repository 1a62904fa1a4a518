"""`deskhand up`: the whole desk in one command."""

import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

import deskhand
from deskhand.project import env
from deskhand.project.cli.desk import database, own_command, say
from deskhand.project.cli.web import require_free_port
from deskhand.project.cli.worker import require_free_lmtp_port
from deskhand.project.embedded import EmbeddedServerError, Lease
from deskhand.project.supervisor import NOT_PREPARED, Child, Supervisor

LOOK_SECONDS = 1.0


@click.command()
@click.option("--reload", is_flag=True, hidden=True, help="Start again when a source file changes.")
def up(reload: bool) -> None:
    """Run the desk: database, web server and worker, until Ctrl-C or SIGTERM."""
    sys.exit(run_desk(reload=reload))


def run_desk(*, when_ready: Callable[[], None] = lambda: None, reload: bool = False) -> int:
    """Run everything and return the exit code; `when_ready` is called once the web server answers.

    Web server and worker look themselves whether the database has this release's shape, which it mostly has: another
    process that looks first would take as long as either of them needs to start.
    """
    require_free_port(env.HOST.read(), env.PORT.read())
    require_free_lmtp_port()
    with only_one(env.HOME.read()), database() as lease:
        code = _supervise(lease, when_ready, reload=reload)
        if code == NOT_PREPARED:
            code = _migrate() or _supervise(lease, when_ready, reload=reload)
    say("Stopped.")
    return code


def _supervise(lease: Lease | None, when_ready: Callable[[], None], *, reload: bool) -> int:
    environment = _environment(lease)
    children = [Child(name, own_command(name, "--supervised"), environment) for name in ("web", "worker")]
    watch = _Watch(lease, when_ready, children if reload else [])
    return Supervisor(children, say=say, on_tick=watch.tick).run()


def _migrate() -> int:
    """Bring the database to this release's shape; return the exit code. A signal meanwhile ends this process."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    return subprocess.run(own_command("migrate", "--quiet"), check=False).returncode  # noqa: S603


class _Watch:
    """What is looked at between the children: readiness, once; the database; changed sources."""

    def __init__(self, lease: Lease | None, when_ready: Callable[[], None], reloaded: Sequence[Child]) -> None:
        self.lease = lease
        self.when_ready = when_ready
        self.reloaded = reloaded
        self.newest_source = _newest_source() if reloaded else 0.0
        self.is_ready = False
        self.look_at = 0.0

    def tick(self) -> None:
        """Announce the web server when it first answers; once a second see to the rest."""
        if not self.is_ready and _answers(env.HOST.read(), env.PORT.read()):
            self.is_ready = True
            say(f"Deskhand is ready: {_address()}")
            self.when_ready()
        if time.monotonic() >= self.look_at:
            self.look_at = time.monotonic() + LOOK_SECONDS
            self._revive_database()
            self._reload()

    def _revive_database(self) -> None:
        try:
            if self.lease is not None and self.lease.revive():
                say("PostgreSQL had ended; it runs again.")
        except EmbeddedServerError as error:
            say(f"{error}\nTrying again.")

    def _reload(self) -> None:
        if self.reloaded and _newest_source() > self.newest_source:
            self.newest_source = _newest_source()
            say("A source file changed.")
            for child in self.reloaded:
                child.signal(signal.SIGTERM)


def _newest_source() -> float:
    """Return when a Python file of ours last changed."""
    package = Path(deskhand.__file__).parent
    return max(path.stat().st_mtime for path in package.rglob("*.py"))


def _answers(host: str, port: int) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _address() -> str:
    return env.BASE_URL.read() or f"http://localhost:{env.PORT.read()}"


def _environment(lease: Lease | None) -> dict[str, str]:
    """Return the children's environment.

    They lease the embedded server themselves: should this process be killed, the last of them to
    end still stops it.
    """
    environment = dict(os.environ)
    if lease is not None:
        environment.pop(env.DATABASE_URL.name, None)
    return environment


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the data folder's `up.lock`, or refuse because another `deskhand up` has it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "up.lock").open("a")
    except OSError as error:
        raise env.ConfigurationError(
            f"The data folder {home} cannot be used ({error.strerror}): set DESKHAND_HOME."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"The desk in {home} is running already. For another one set DESKHAND_HOME."
            ) from error
        yield
