"""A desk whose database is prepared once for all tests of the command line."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.desks import deskhand


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a migrated database; the server is not running."""
    home = tmp_path_factory.mktemp("desk")
    for folder in (home, *home.parents):  # pytest closes its folders to the database's user
        if folder.name.startswith("pytest-"):
            folder.chmod(0o755)
    done = deskhand(home, "migrate")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that nobody but its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    yield folder
    for pointer in folder.rglob("postgres.elsewhere"):
        shutil.rmtree(Path(pointer.read_text().strip()).parent)
