"""What people change about themselves."""

from django.db import transaction

from deskhand.accounts.actions.passwords import put_password
from deskhand.accounts.events import UserChanged
from deskhand.accounts.models import User
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


@transaction.atomic
def rename(*, user: User, name: str, act: Act) -> None:
    """Call `user` by another name. An empty one changes nothing."""
    flat = one_line(name)[:200]
    if not flat or flat == user.name:
        return
    user.name = flat
    user.save(update_fields=["name"])
    record(UserChanged(subject_id=user.pk, fields=["name"]), act=act)


@transaction.atomic
def replace_password(*, user: User, password: str, act: Act) -> None:
    """Set a password without asking for the old one: for someone who just proved that the mailbox is theirs.

    Sessions elsewhere end, because their key depends on it. Raises PasswordNotValid.
    """
    put_password(user, password, act=act)
