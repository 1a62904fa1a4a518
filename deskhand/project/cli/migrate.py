"""`deskhand migrate`."""

import click

from deskhand.project.cli.desk import desk


@click.command()
@click.option("--quiet", is_flag=True, help="Say nothing when there is nothing to do.")
def migrate(quiet: bool) -> None:
    """Bring the database to this release's shape."""
    with desk():
        if not bring_up_to_date() and not quiet:
            click.echo("The database is ready; nothing to do.")


def bring_up_to_date() -> bool:
    """Apply the migrations the database lacks, saying so; tell whether there were any. Django must be loaded."""
    from django.core.management import call_command

    from deskhand.project.diagnosis import missing_migrations

    missing = missing_migrations()
    if missing:
        click.echo(f"Preparing the database ({missing} migrations) …")
        call_command("migrate", interactive=False, verbosity=0)
    return bool(missing)
