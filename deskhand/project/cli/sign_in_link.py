"""`deskhand sign-in-link`, and the address of a fresh link for the commands that print one."""

from typing import TYPE_CHECKING

import click

from deskhand.project.cli.desk import desk

if TYPE_CHECKING:
    from deskhand.accounts.models import User


@click.command("sign-in-link")
@click.argument("address")
def sign_in_link(address: str) -> None:
    """Print a link that signs the owner of ADDRESS in, once, within 15 minutes."""
    with desk():
        from deskhand.accounts.models import User

        user = User.objects.with_address(address.strip()).filter(is_active=True).first()
        if user is None:
            raise click.ClickException(f"No active person here has the address {address}.")
        click.echo(address_of_new_link(user))


def address_of_new_link(user: "User") -> str:
    """Make a one-time link for `user` and return its full address. Django must be loaded."""
    from django.urls import reverse
    from django.utils import timezone

    from deskhand.accounts.actions.signing_in import create_sign_in_link, token_of
    from deskhand.accounts.addresses import base_for
    from deskhand.events import Act, Via

    act = Act(actor=None, at=timezone.now(), via=Via.SYSTEM)
    link = create_sign_in_link(user=user, act=act)
    return f"{base_for(user)}{reverse('web:sign_in_link', args=[token_of(link)])}"
