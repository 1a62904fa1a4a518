"""Prepares the environment for Django before pytest-django loads the settings.

Loaded by `-p tests.database` (pyproject.toml), because a conftest.py comes too late for that.
`DATABASE_URL` wins; without it the tests share one embedded PostgreSQL in var/test, which any
number of test runs may use at a time.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from deskhand.project.embedded import Lease

ROOT = Path(__file__).resolve().parent.parent
# A test database need not survive a power cut.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def prepare_environment() -> None:
    """Set a throw-away data folder and, unless one is given, a database."""
    for name in [name for name in os.environ if name.startswith(("DESKHAND_", "SMTP_", "STORAGE_"))]:
        if not name.startswith("DESKHAND_TEST_"):
            del os.environ[name]
    home = tempfile.mkdtemp(prefix="deskhand-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["DESKHAND_HOME"] = home
    os.environ["DESKHAND_MAIL_DELIVERY"] = "capture"
    os.environ["DESKHAND_SECRET_KEY"] = "only-for-tests"
    if "DATABASE_URL" not in os.environ:
        lease = Lease(ROOT / "var" / "test", options=OPTIONS)
        lease.__enter__()
        atexit.register(lease.__exit__)
        os.environ["DATABASE_URL"] = lease.url


prepare_environment()
