"""`deskhand create-admin`."""

import click

from deskhand.project.cli.desk import desk
from deskhand.project.cli.sign_in_link import address_of_new_link


@click.command("create-admin")
@click.argument("email")
@click.option("--name", required=True, help="The person's full name.")
def create_admin(email: str, name: str) -> None:
    """Make an agent with the Admin role and print a one-time sign-in link. There is no password."""
    with desk():
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.utils import timezone

        from deskhand.accounts.actions.people import AddressTaken, create_agent
        from deskhand.events import Act, Via

        try:
            validate_email(email)
        except ValidationError as error:
            raise click.BadParameter(f"{email!r} is no e-mail address.") from error
        act = Act(actor=None, at=timezone.now(), via=Via.SYSTEM)
        try:
            agent = create_agent(email=email, name=name, role_slug="admin", act=act)
        except AddressTaken as error:
            raise click.ClickException(f"{error} To sign in as them, run `deskhand sign-in-link {email}`.") from error
        click.echo(f"{agent.name} is an admin. Sign in once within 15 minutes with:")
        click.echo(address_of_new_link(agent.user))
