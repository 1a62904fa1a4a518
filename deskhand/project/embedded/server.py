"""Starting and stopping the PostgreSQL of one place."""

import shlex
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from deskhand.project.embedded.errors import EmbeddedServerError
from deskhand.project.embedded.place import Place

ROLE = DATABASE = "deskhand"
START_SECONDS = 60
STOP_SECONDS = 60
LOG_LIMIT_BYTES = 5_000_000
NO_PROCESS = 2**22 + 1  # above every process number a kernel gives
# Modest, because everything shares one small machine; postgresql.conf may be edited later.
DEFAULTS = {
    "shared_buffers": "32MB",
    "max_connections": "60",
    "jit": "off",
    "max_wal_size": "256MB",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
}


class Server:
    """The PostgreSQL of one place. Callers hold the lock that makes starting and stopping safe."""

    def __init__(self, place: Place, options: tuple[str, ...] = ()) -> None:
        """Serve `place`; `options` are `name=value` settings for as long as this start lasts."""
        self.place = place
        self.options = options

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        """Return the address of a database here, in the form of DATABASE_URL."""
        return f"postgresql://{role}@{quote(str(self.socket_folder()), safe='')}/{database}"

    def socket_folder(self) -> Path:
        """Return the folder of the running server's socket, or of the one to be started."""
        lines = self._pid_file_lines()
        return Path(lines[4]) if len(lines) > 4 and self.process() else self.place.socket_folder()  # noqa: PLR2004

    def process(self) -> psutil.Process | None:
        """Return the server's process, or None where it does not run.

        The number in postmaster.pid may belong to another program since a crash or a reboot, so it
        counts only when that program is PostgreSQL in this very folder.
        """
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdecimal():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            if process.name().startswith("postgres") and str(self.place.data) in process.cmdline():
                return process
        except psutil.Error:
            pass
        return None

    def ensure(self) -> None:
        """Make the data folder if missing, start the server unless it runs, and make our database.

        Raises `EmbeddedServerError` with the server's last words.
        """
        if not (self.place.data / "PG_VERSION").exists():
            self._initialize()
        if self.process() is None:
            self._start()
        self._prepare()

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back. Does nothing where none runs."""
        if self.process() is None:
            return
        for mode in ("fast", "immediate"):
            self._run("pg_ctl", "stop", "-D", self.place.data, "-m", mode, "-w", "-t", str(STOP_SECONDS))
            if self.process() is None:
                return
        raise EmbeddedServerError(f"PostgreSQL does not stop. {self.last_words()}")

    def last_words(self) -> str:
        """Return the end of the server's log, for a message."""
        try:
            lines = self.place.log.read_text(errors="replace").splitlines()[-8:]
        except OSError:
            return "It left no log."
        return "\n  ".join([f"The end of {self.place.log}:", *lines])

    def _run(self, program: str, *arguments: str | Path) -> str:
        """Run one of PostgreSQL's programs; return its complaint, or "" where it succeeded."""
        done = self.place.account.run(self.place.programs / program, *arguments)
        return "" if done.returncode == 0 else (done.stderr or done.stdout).strip() or "no reason given"

    @property
    def _pid_file(self) -> Path:
        return self.place.data / "postmaster.pid"

    def _pid_file_lines(self) -> list[str]:
        try:
            return self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []

    def _initialize(self) -> None:
        """Make the data folder under another name first: a broken attempt must not look whole."""
        account, partial = self.place.account, self.place.folder / "data.partial"
        account.run("rm", "-rf", partial)
        settings = [word for name, value in DEFAULTS.items() for word in ("--set", f"{name}={value}")]
        complaint = self._run(
            "initdb", "-D", partial, "--username=postgres", "--auth=peer", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *settings,
        )  # fmt: skip
        if complaint:
            account.run("rm", "-rf", partial)
            raise EmbeddedServerError(f"PostgreSQL could not make its data folder: {complaint}")
        account.run("mv", partial, self.place.data)

    def _start(self) -> None:
        self._write_access_rules()
        if self.place.log.exists() and self.place.log.stat().st_size > LOG_LIMIT_BYTES:
            self.place.log.replace(self.place.log.with_suffix(".log.1"))
        deadline = time.monotonic() + START_SECONDS
        while complaint := self._try_to_start():
            # Backends of a killed server vanish within a moment; until then they hold its memory.
            if "still in use" not in self.last_words() or time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"PostgreSQL did not start ({complaint.splitlines()[-1]}). {self.last_words()}"
                )
            time.sleep(0.2)

    def _try_to_start(self) -> str:
        self._forget_dead()
        options = [
            *self.options,
            "listen_addresses=",
            f'unix_socket_directories="{self.place.socket_folder()}"',
            "unix_socket_permissions=0700",
        ]
        words = " ".join(f"-c {shlex.quote(option)}" for option in options)
        data, log, seconds = self.place.data, self.place.log, str(START_SECONDS)
        return self._run("pg_ctl", "start", "-D", data, "-l", log, "-w", "-t", seconds, "-o", words)

    def _forget_dead(self) -> None:
        """Mark the lock files of a server that is gone where its number still belongs to something.

        That may be another program since a reboot, or the server's own unburied process; PostgreSQL
        would wait for either for ever. Only the number is replaced: by the rest of the file it
        recognizes processes of the old server that still hold its memory.
        """
        for path in (self._pid_file, self.place.socket_folder() / ".s.PGSQL.5432.lock"):
            lines = path.read_text().splitlines() if path.exists() else []
            if lines and lines[0].strip().isdecimal() and psutil.pid_exists(int(lines[0])):
                text = "\n".join([str(NO_PROCESS), *lines[1:], ""])
                self.place.account.run("tee", path, text=text)

    def _write_access_rules(self) -> None:
        """Let in, by the socket alone, the account itself and root; the kernel tells who calls."""
        names = dict.fromkeys([self.place.account.name, "root"])
        rules = {
            "pg_hba.conf": "local all all peer map=desk\n",
            "pg_ident.conf": "".join(f'desk "{name}" {role}\n' for name in names for role in ("postgres", ROLE)),
        }
        for name, text in rules.items():
            written = self.place.account.run("tee", self.place.data / name, text=text)
            if written.returncode:
                raise EmbeddedServerError(f"{self.place.data / name}: {written.stderr.strip()}")

    def _prepare(self) -> None:
        """Make our role and database where missing; the role is no superuser."""
        try:
            with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
                if not _found(connection, "SELECT 1 FROM pg_roles WHERE rolname = 'deskhand'"):
                    connection.execute("CREATE ROLE deskhand LOGIN CREATEDB")
                if not _found(connection, "SELECT 1 FROM pg_database WHERE datname = 'deskhand'"):
                    connection.execute("CREATE DATABASE deskhand OWNER deskhand")
        except psycopg.Error as error:
            raise EmbeddedServerError(f"PostgreSQL refuses us: {error}. {self.last_words()}") from error


def _found(connection: psycopg.Connection, query: str) -> bool:
    return connection.execute(query).fetchone() is not None
