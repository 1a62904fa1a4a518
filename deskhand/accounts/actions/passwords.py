"""Setting a password, and ending sessions."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from deskhand.accounts.events import PasswordChanged, SessionsEnded
from deskhand.accounts.models import User
from deskhand.events import Act
from deskhand.events.recording import record


class PasswordNotValid(ValueError):
    """The new password is too easy to guess; `reasons` say why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class WrongPassword(ValueError):
    """The current password is another one."""

    def __init__(self) -> None:
        super().__init__("That is not your current password.")


@transaction.atomic
def change_password(*, user_id: int, current: str, new: str, act: Act) -> User:
    """Set a new password and return the user; every session that began before it ends.

    `current` is not asked of someone who never had a password. Raises WrongPassword, PasswordNotValid.
    """
    user: User = User.objects.select_for_update().get(pk=user_id)
    if user.has_usable_password() and not user.check_password(current):
        raise WrongPassword
    put_password(user, new, act=act)
    return user


def put_password(user: User, new: str, *, act: Act) -> None:
    """Set a password inside the caller's transaction. Raises PasswordNotValid."""
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise PasswordNotValid(list(error.messages)) from error
    user.set_password(new)
    user.save(update_fields=["password"])
    record(PasswordChanged(subject_id=user.pk), act=act)


@transaction.atomic
def end_sessions(*, user_id: int, act: Act) -> User:
    """Sign a person out everywhere and return them as they are now."""
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)
    record(SessionsEnded(subject_id=user_id), act=act)
    user: User = User.objects.get(pk=user_id)
    return user
