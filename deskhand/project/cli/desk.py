"""Opening the desk for one command: its database is there, and Django is loaded."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from deskhand.project import env
from deskhand.project.embedded import Lease
from deskhand.project.supervisor import NOT_PREPARED


def say(line: str) -> None:
    """Tell the person at the terminal something beside the command's own output."""
    click.echo(line, err=True)


def own_command(*arguments: str) -> list[str]:
    """Return the command line that starts another command of ours with this very Python."""
    return [sys.executable, "-m", "deskhand.project.cli", *arguments]


@contextmanager
def database() -> Iterator[Lease | None]:
    """Make sure `DATABASE_URL` names a database while the block runs.

    Yields the lease on the embedded server, None when the person set `DATABASE_URL`. Raises
    `ConfigurationError` for any setting that cannot be used, before anything is started.
    """
    for variable in env.VARIABLES:
        variable.read()
    if env.DATABASE_URL.read():
        yield None
        return
    with Lease(env.HOME.read(), announce=say) as lease:
        os.environ[env.DATABASE_URL.name] = lease.url
        try:
            yield lease
        finally:
            del os.environ[env.DATABASE_URL.name]


@contextmanager
def desk() -> Iterator[Lease | None]:
    """Do what `database` does, and load Django. Connections are closed before the server may stop."""
    with database() as lease:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhand.project.settings")
        import django

        django.setup()
        from django.db import connections

        try:
            yield lease
        finally:
            connections.close_all()


def require_migrated(*, supervised: bool = False) -> None:
    """Raise ClickException while the database lacks migrations of this release. Django must be loaded.

    With a supervisor, end with NOT_PREPARED instead and say nothing: it sees to that.
    """
    from deskhand.project.diagnosis import missing_migrations

    if missing_migrations():
        if supervised:
            sys.exit(NOT_PREPARED)
        raise click.ClickException("The database is not prepared for this release: run `deskhand migrate`.")
