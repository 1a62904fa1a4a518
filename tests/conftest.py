"""Fixtures for every test: the test database's name, its shipped rows, and the cast."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings

from tests.cast import Cast, make_cast
from tests.seeds import django_db_setup, pytest_runtest_teardown

__all__ = ["django_db_setup", "pytest_runtest_teardown"]

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("desk")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Name the test database after `DESKHAND_TEST_DATABASE`, so that runs may go on at once."""
    name = os.environ.get("DESKHAND_TEST_DATABASE", "test_deskhand")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(autouse=True)
def settings_as_before() -> Iterator[None]:
    """Fail a test that leaves its settings to the next: overrides end in the opposite order of their beginning."""
    before = vars(settings)["_wrapped"]
    yield
    assert vars(settings)["_wrapped"] is before


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Ada, Ben, Kit, Cleo, Dev and Eve, newly made."""
    return make_cast()


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """Return the cast in a database that other connections see; for tests of what happens at once."""
    return make_cast()
