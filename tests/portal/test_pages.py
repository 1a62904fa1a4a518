"""Every page of the portal, for everyone."""

import pytest
from django.test import Client as Browser

from deskhand.accounts.models import User
from tests.cast import Cast


def signed_in(user: User) -> Browser:
    """Return a browser in which `user` is signed in."""
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("path", ["/", "/tickets", "/tickets/search", "/tickets/closed", "/tickets/new", "/details"])
def test_shows_a_contact_every_page(cast: Cast, path: str) -> None:
    cast.staff_reply(cast.ticket())
    assert signed_in(cast.cleo.user).get(path).status_code == 200


def test_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    r = signed_in(cast.cleo.user).get(f"/tickets/{ticket.number}")
    assert r.status_code == 200
    r = signed_in(cast.cleo.user).get(f"/tickets/{ticket.number}/opened")
    assert r.status_code == 200
