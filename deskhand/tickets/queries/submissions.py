"""Knowing a form that was sent before."""

from deskhand.accounts.models import User
from deskhand.tickets.models import Message


def submitted(author: User, key: str) -> Message | None:
    """Return the message that the form with this key wrote before, with its ticket; None for a new key or none."""
    if not key:
        return None
    return Message.objects.select_related("ticket").filter(author=author, submission_key=key).first()
