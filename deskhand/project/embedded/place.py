"""Where one desk's embedded server lives: its private folder, its socket, its programs."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deskhand.project.embedded.account import Account, server_account
from deskhand.project.embedded.errors import EmbeddedServerError
from deskhand.project.embedded.programs import NEWEST, SYSTEM_FOLDER, programs_for

# A socket's whole path fits in 107 bytes on Linux and 103 on macOS; its name takes 15 of them.
LONGEST_SOCKET_FOLDER = 85


@dataclass(frozen=True)
class Place:
    """The server's private folder (mode 0700, its account's) and the programs for its data."""

    folder: Path
    account: Account
    programs: Path

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the file the server writes its messages to."""
        return self.folder / "server.log"

    def socket_folder(self) -> Path:
        """Return the folder of the socket, made now if missing; only the account may enter."""
        folder = self.folder / "socket"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            folder = _short_folder(self.folder, self.account)
        make_private(folder, self.account)
        return folder


def find_place(home: Path, announce: Callable[[str], None]) -> Place:
    """Return the place of the desk in `home`, made now if it has none yet.

    Normally `home`/postgres. Where the server's account cannot get there (root's clone under a
    closed folder) it is a folder below `SYSTEM_FOLDER`, remembered in `home`/postgres.elsewhere,
    and `announce` is told in one line.
    """
    home.mkdir(parents=True, exist_ok=True)
    pointer = home / "postgres.elsewhere"
    folder = Path(pointer.read_text().strip()) if pointer.exists() else home / "postgres"
    account = server_account(folder)
    make_private(folder, account)
    if not account.can_enter(folder):
        if (folder / "data").exists() or pointer.exists():
            raise EmbeddedServerError(
                f"The user {account.name}, as whom PostgreSQL runs, can no longer enter {folder}: "
                "let it pass the folders above, or move the data folder (DESKHAND_HOME)."
            )
        folder.rmdir()
        folder = _elsewhere(pointer, account)
        announce(f"The database user {account.name} cannot enter {home}; the database is in {folder}.")
    version = folder / "data" / "PG_VERSION"
    return Place(
        folder,
        account,
        programs_for(account, version.read_text().strip() if version.exists() else NEWEST),
    )


def make_private(folder: Path, account: Account) -> None:
    """Make `folder` with mode 0700 for `account`; refuse one that is somebody else's."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if os.geteuid() == 0:
            os.chown(folder, account.uid, account.gid)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != account.uid or status.st_mode & 0o077:
        raise EmbeddedServerError(
            f"{folder} must be a folder of {account.name} that nobody else may enter (mode 0700)."
        )


def _elsewhere(pointer: Path, account: Account) -> Path:
    """Make a folder below `SYSTEM_FOLDER` and remember it in `pointer`.

    Its name is random: a new desk at an old path must not find the old desk's data.
    """
    parent = SYSTEM_FOLDER / secrets.token_hex(5)
    parent.mkdir(parents=True)
    for made in (SYSTEM_FOLDER, parent):
        made.chmod(0o755)  # ours, and passable whatever the umask
    folder = parent / "postgres"
    make_private(folder, account)
    partial = pointer.with_suffix(".partial")
    partial.write_text(f"{folder}\n")
    partial.replace(pointer)
    return folder


def _short_folder(folder: Path, account: Account) -> Path:
    """Return a short folder for the socket of the server in `folder`, the same every time."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    if os.geteuid() == 0 and Path("/run").is_dir():
        return Path("/run") / f"deskhand-{digest}"
    return Path(tempfile.gettempdir()) / f"deskhand-{account.uid}-{digest}"
