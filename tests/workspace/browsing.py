"""Asking the workspace's pages as someone of the cast, whole or in parts."""

from typing import Any

from django.test import Client as Browser

from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.web.sessions import BACKEND

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def browser_of(person: Agent | Contact) -> Browser:
    """Return a browser in which this person is signed in."""
    browser = Browser()
    browser.force_login(person.user, backend=BACKEND)
    return browser


def get(person: Agent | Contact, path: str, *, part: bool = False) -> Any:
    """Ask for a page below /workspace, or for the part of it a script would ask for."""
    return browser_of(person).get(f"/workspace/{path}", headers=PART if part else None)


def post(person: Agent | Contact, path: str, fields: dict[str, Any] | None = None, *, part: bool = False) -> Any:
    """Send a form to an address below /workspace, plainly or as a script would."""
    return browser_of(person).post(f"/workspace/{path}", fields or {}, headers=PART if part else None)
