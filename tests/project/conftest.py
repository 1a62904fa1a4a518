"""A desk whose database is prepared once for all tests of the command line."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.project.desks import deskhand


@pytest.fixture(scope="session")
def prepared_home() -> Iterator[Path]:
    """Return a data folder with a migrated database; the server is not running."""
    with _reachable_folder() as folder:
        done = deskhand(folder, "migrate")
        assert done.returncode == 0, done.stderr
        yield folder


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a data folder to be made, where the database's user gets, as in an ordinary installation."""
    with _reachable_folder() as folder:
        yield folder / "home"


@contextmanager
def _reachable_folder() -> Iterator[Path]:
    """Make a folder outside pytest's own ones, which are closed to other users."""
    with TemporaryDirectory(prefix="deskhand-desk-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that nobody but its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    yield folder
    for pointer in folder.rglob("postgres.elsewhere"):
        shutil.rmtree(Path(pointer.read_text().strip()).parent)
