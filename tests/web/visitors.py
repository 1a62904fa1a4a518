"""Browsers for tests of pages: signed in as someone, through the backend that sign-in uses."""

from django.test import Client as Browser

from deskhand.accounts.models import User
from deskhand.web.sessions import BACKEND


def signed_in(user: User, *, enforce_csrf_checks: bool = False) -> Browser:
    """Return a browser in which `user` is signed in."""
    browser = Browser(enforce_csrf_checks=enforce_csrf_checks)
    browser.force_login(user, backend=BACKEND)
    return browser
