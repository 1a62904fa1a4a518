"""Fixtures for every test: the test database's name, and nothing that hides what a test does."""

import os

import pytest
from django.conf import settings

from tests.cast import Cast, make_cast


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Name the test database after `DESKHAND_TEST_DATABASE`, so that runs may go on at once."""
    name = os.environ.get("DESKHAND_TEST_DATABASE", "test_deskhand")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Ada, Ben, Kit, Cleo, Dev and Eve, newly made."""
    return make_cast()
