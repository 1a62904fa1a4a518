"""The system user PostgreSQL runs as: ourselves, or, for root, one without privileges."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deskhand.project.embedded.errors import EmbeddedServerError

SYSTEM_USER = "deskhand-postgres"
# The server must see none of our environment: it may hold secrets, and PG* variables change it.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A system user, and how to run a program as that user."""

    name: str
    uid: int
    gid: int

    def run(self, *command: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `command` as this user, outside any folder it might not enter; return its output.

        Raises `PermissionError` or `FileNotFoundError` when this user cannot reach the program.
        """
        switch = os.geteuid() == 0 and self.uid != 0
        return subprocess.run(  # noqa: S603 -- our own programs, no shell
            [str(part) for part in command],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            umask=0o077,
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this user passes every folder on the way to `folder` and may enter it."""
        return self.run("test", "-x", folder).returncode == 0


def server_account(folder: Path) -> Account:
    """Return the account for the server that lives, or shall live, in `folder`.

    Raises `EmbeddedServerError` when it is somebody else's, or when root lacks a user for it.
    """
    owner = folder.stat().st_uid if folder.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise EmbeddedServerError(f"{folder} belongs to {_name(owner)}: run this as {_name(owner)} or as root.")
        return Account(_name(os.geteuid()), os.geteuid(), os.getegid())
    entry = pwd.getpwuid(owner) if owner else _system_user()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError as error:
        raise EmbeddedServerError(
            f"The user with id {uid} has no name on this machine, which PostgreSQL asks for: "
            "run Deskhand as a named user, or set DATABASE_URL."
        ) from error


def _system_user() -> pwd.struct_passwd:
    """Return the entry of `SYSTEM_USER`, made now where it is missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and this system has no useradd: make a system user "
            f"named {SYSTEM_USER}, run Deskhand as an ordinary user, or set DATABASE_URL."
        )
    made = subprocess.run(  # noqa: S603 -- fixed arguments
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:  # another desk may have made it in the same moment
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise EmbeddedServerError(f"The system user {SYSTEM_USER} could not be made: {made.stderr.strip()}") from error
