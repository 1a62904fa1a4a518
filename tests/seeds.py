"""What migrations put into the database, kept so that a test which commits cannot take it from the next one.

A test marked `django_db(transaction=True)` ends with every table truncated; afterwards the shipped roles, statuses
and categories are put back, and the jobs it left are gone too.
"""

from collections.abc import Generator

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from pytest_django import DjangoDbBlocker

_SHIPPED = pytest.StashKey[str]()


def _shipped_rows() -> str:
    tables = [model for model in apps.get_models() if model.__module__.startswith("deskhand.")]
    return str(serializers.serialize("json", [row for table in tables for row in table._default_manager.all()]))


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in fixtures


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> None:
    """Remember what the migrations made."""
    with django_db_blocker.unblock():
        request.config.stash[_SHIPPED] = _shipped_rows()
    request.config.stash[_BLOCKER] = django_db_blocker


def _forget_jobs() -> None:
    """Truncate what Django leaves alone, because it did not make those tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")


_BLOCKER = pytest.StashKey[DjangoDbBlocker]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Put it back after a test that committed, once its tables were truncated, for the next test or a later run."""
    yield
    is_needed = nextitem is not None or item.config.getoption("reuse_db")
    if is_needed and _commits(item) and _SHIPPED in item.config.stash:
        with item.config.stash[_BLOCKER].unblock():
            _forget_jobs()
            for row in serializers.deserialize("json", item.config.stash[_SHIPPED]):
                row.save()
