"""Who is asking: an agent, a contact, or nobody yet."""

from datetime import UTC, datetime

from django.http import HttpRequest

from deskhand.accounts.models import Agent, User
from deskhand.clients.models import Contact
from deskhand.events import Act, Via


class DeskRequest(HttpRequest):
    """A request whose viewer was found by the access check of its route."""

    viewer: Agent | Contact
    agent: Agent
    contact: Contact
    act: Act


def user_of(request: HttpRequest) -> User | None:
    """Return the signed-in, active user, or None."""
    user = request.user
    return user if isinstance(user, User) and user.is_active else None


def agent_of(user: User) -> Agent | None:
    """Return the agent this user is, with role, or None. No query for the user of a request (web.recognizing)."""
    try:
        return user.agent
    except Agent.DoesNotExist:
        return None


def contact_of(user: User) -> Contact | None:
    """Return the contact this user is, or None. No query, as for agents; client and account manager are loaded too."""
    try:
        return user.contact
    except Contact.DoesNotExist:
        return None


def act_of(request: HttpRequest, via: Via) -> Act:
    """Return who acts, now, through this door. The one place where interfaces read the clock."""
    return Act(actor=user_of(request), at=datetime.now(UTC), via=via)
