"""The group of all commands, and what an expected failure looks like."""

import signal
import sys
from types import FrameType

import click

import deskhand
from deskhand.project.cli.check import check
from deskhand.project.cli.create_admin import create_admin
from deskhand.project.cli.demo import demo
from deskhand.project.cli.django import django
from deskhand.project.cli.mail import mail
from deskhand.project.cli.migrate import migrate
from deskhand.project.cli.sign_in_link import sign_in_link
from deskhand.project.cli.up import up
from deskhand.project.cli.web import web
from deskhand.project.cli.worker import worker
from deskhand.project.embedded import EmbeddedServerError
from deskhand.project.env import ConfigurationError

EX_CONFIG = 78  # sysexits.h


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(deskhand.__version__, prog_name="Deskhand")
def commands() -> None:
    """A self-hosted support desk and client portal.

    Settings come from the environment: DESKHAND_HOME (data folder), DESKHAND_PORT, DATABASE_URL and
    the others of docs/configuration.md.
    """


for command in (up, web, worker, migrate, create_admin, sign_in_link, demo, check, mail, django):
    commands.add_command(command)


def main() -> None:
    """Run the command line and exit: 0 for success, 78 for a setting to be mended, else 1 or 2."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        commands(prog_name="deskhand")
    except (ConfigurationError, EmbeddedServerError) as error:
        _fail(str(error), EX_CONFIG)
    except Exception as error:
        sentence = _sentence_for(error)
        if sentence is None:
            raise
        _fail(sentence, 1)


def _leave(number: int, _frame: FrameType | None) -> None:
    """Leave by way of every `finally`, so that an embedded server is not left behind."""
    raise SystemExit(128 + number)


def _fail(sentence: str, code: int) -> None:
    click.echo(f"deskhand: {sentence}", err=True)
    sys.exit(code)


def _sentence_for(error: Exception) -> str | None:
    """Return a sentence for what Django or the database refuses, None for an error of ours."""
    import psycopg
    from django.core.management import CommandError
    from django.db import Error, OperationalError, ProgrammingError

    if isinstance(error, OperationalError | psycopg.OperationalError):
        return f"The database cannot be reached: {_first_line(error)}. Check DATABASE_URL."
    missing = isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn)
    if isinstance(error, ProgrammingError) and missing:
        return "The database is not prepared for this release: run `deskhand migrate`."
    if isinstance(error, CommandError):
        return str(error)
    if isinstance(error, Error):
        return f"The database refused: {_first_line(error)}"
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
