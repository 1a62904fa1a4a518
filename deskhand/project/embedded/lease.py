"""Sharing one server among commands: it runs while anybody needs it, and the last one stops it."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from deskhand.project.embedded.errors import EmbeddedServerError
from deskhand.project.embedded.place import find_place
from deskhand.project.embedded.server import Server


def _silent(_line: str) -> None:
    """Tell nobody."""


class Lease:
    """Keeps the embedded server of a data folder running between `__enter__` and `__exit__`.

    Any number of processes may hold one at a time. Two files in the data folder keep order:
    `postgres.lock` is held while somebody starts or stops the server, `postgres.users` is shared
    by all who need it. The kernel lets go of both when a process dies, so nothing goes stale.
    """

    def __init__(
        self,
        home: Path,
        *,
        options: tuple[str, ...] = (),
        announce: Callable[[str], None] = _silent,
    ) -> None:
        """Ask for the server of `home`; `options` are PostgreSQL settings if we start it."""
        self.home = home
        self.options = options
        self.announce = announce
        self._users: int | None = None
        self._server: Server | None = None

    @property
    def server(self) -> Server:
        """Return the server; only inside the block."""
        if self._server is None:
            raise RuntimeError("The lease has not begun.")
        return self._server

    @property
    def url(self) -> str:
        """Return the database's address in the form of DATABASE_URL; only inside the block."""
        return self.server.url()

    def __enter__(self) -> Self:
        with self._alone():
            self._server = Server(find_place(self.home, self.announce), self.options)
            self._users = _open(self.home / "postgres.users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._server.ensure()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._alone():
            self._leave()

    def revive(self) -> bool:
        """Start the server again if it died; tell whether it had."""
        if self.server.process() is not None:
            return False
        with self._alone():
            self.server.ensure()
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            descriptor = _open(self.home / "postgres.lock")
        except OSError as error:
            raise EmbeddedServerError(
                f"The data folder {self.home} cannot be used ({error.strerror}): mend that, "
                "run this as its owner, or set DESKHAND_HOME."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _leave(self) -> None:
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else still needs it, and will stop it
        else:
            self.server.stop()
        finally:
            os.close(self._users)
            self._users = None


def _open(path: Path) -> int:
    """Open a lock file, new ones with the owner of their folder so that root locks out nobody."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor
