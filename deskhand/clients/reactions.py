"""What clients do when something happened."""

from deskhand.accounts.events import SignInLinkUsed
from deskhand.clients.actions.invitations import accept_invitation
from deskhand.events import Act


def join_who_was_invited(fact: SignInLinkUsed, act: Act) -> None:
    """Let a person who was invited join at their first sign-in by a link."""
    accept_invitation(user_id=fact.subject_id, act=act)
