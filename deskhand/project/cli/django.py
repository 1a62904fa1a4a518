"""`deskhand django …`: Django's own commands, for developers of Deskhand."""

import sys

import click

from deskhand.project.cli.desk import desk


@click.command(
    hidden=True,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands, e.g. `deskhand django makemigrations`."""
    with desk():
        from django.core.management import ManagementUtility

        ManagementUtility(["deskhand django", *arguments]).execute()
        sys.stdout.flush()
