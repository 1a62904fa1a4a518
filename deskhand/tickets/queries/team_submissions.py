"""Knowing a form to the team that was sent before. Apart from the clients' forms, like all that is for staff alone."""

from deskhand.accounts.models import User
from deskhand.tickets.models.team import TeamMessage


def submitted_to_team(author: User, key: str) -> bool:
    """Return whether the form with this key already wrote a team message."""
    return bool(key) and TeamMessage.objects.filter(author=author, submission_key=key).exists()
