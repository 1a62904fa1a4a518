"""`deskhand demo`: a lifelike desk to try things on."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from deskhand.project import env
from deskhand.project.cli.desk import desk, own_command
from deskhand.project.cli.migrate import bring_up_to_date
from deskhand.project.cli.up import only_one, run_desk

MARKER = "demo"  # a file in the data folder: what is here was made up and may be thrown away


@click.command()
@click.option("--reset", is_flag=True, help="Throw the demo's data away and start over.")
@click.option("--up", "and_up", is_flag=True, help="Run the desk afterwards, as `deskhand up` does.")
@click.option("--reload", is_flag=True, hidden=True)
@click.option("--links", is_flag=True, hidden=True, help="Only print sign-in links.")
def demo(reset: bool, and_up: bool, reload: bool, links: bool) -> None:
    """Fill an empty desk with made-up people, clients and tickets; a second run keeps them."""
    if links:
        print_links()
        return
    home = env.HOME.read()
    with only_one(home):
        load(home, reset=reset)
    if and_up:
        sys.exit(run_desk(when_ready=_print_links_elsewhere, reload=reload))
    click.echo("The demo is ready: run `deskhand up`, then `deskhand demo --links` for sign-in links.")


def load(home: Path, *, reset: bool) -> None:
    """Bring the demo's data into the desk in `home`, unless it is there; with `reset`, anew."""
    with desk():
        from django.utils import timezone

        from deskhand.accounts.models import User
        from deskhand.project import demo as story

        if reset:
            _throw_away(home)
        bring_up_to_date()
        marker = home / MARKER
        if marker.exists():
            click.echo("Keeping the demo's data; --reset starts over.")
            return
        if User.objects.exists():
            raise click.ClickException(
                "This desk has people in it. The demo needs an empty one: set DESKHAND_HOME "
                "(and DATABASE_URL, if you use it) to another."
            )
        click.echo("Making up people, clients and tickets …")
        story.load(now=timezone.now())
        marker.write_text("This desk holds demo data; `deskhand demo --reset` deletes all of it.\n")


def _throw_away(home: Path) -> None:
    """Empty the database and the files of a demo. Refuses where no demo was loaded."""
    from django.conf import settings
    from django.db import connection

    marker = home / MARKER
    if not marker.exists() and "accounts_user" in connection.introspection.table_names():
        raise click.ClickException(f"The desk in {home} was not made by `deskhand demo`, so --reset leaves it alone.")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    shutil.rmtree(settings.FILES_HOME, ignore_errors=True)
    marker.unlink(missing_ok=True)


def _print_links_elsewhere() -> None:
    """Print the links from a process that loads Django; the supervisor itself stays small."""
    subprocess.run(own_command("demo", "--links"), check=False)  # noqa: S603


def print_links() -> None:
    """Print a one-time sign-in link for each of the demo's main people."""
    with desk():
        from deskhand.accounts.models import User
        from deskhand.project import demo as story
        from deskhand.project.cli.sign_in_link import address_of_new_link

        click.echo("\nSign in (each link works once, within 15 minutes):")
        for who, address in story.PEOPLE:
            user = User.objects.with_address(address).first()
            if user is not None:
                click.echo(f"  {who:<22} {address_of_new_link(user)}")
        click.echo("Press Ctrl-C to stop.")
