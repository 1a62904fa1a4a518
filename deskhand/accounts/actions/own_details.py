"""What people change about themselves."""

from django.db import transaction

from deskhand.accounts.actions.passwords import put_password
from deskhand.accounts.events import UserChanged
from deskhand.accounts.models import User, UserPicture, new_public_id
from deskhand.core.changes import put
from deskhand.core.pictures import portrait_from
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record


@transaction.atomic
def rename(*, user: User, name: str, act: Act) -> None:
    """Call `user` by another name. An empty one changes nothing."""
    flat = one_line(name)[:200]
    if flat and put(_locked(user), {"name": flat}):
        record(UserChanged(subject_id=user.pk, fields=["name"]), act=act)


@transaction.atomic
def replace_password(*, user: User, password: str, act: Act) -> User:
    """Set a password without asking for the old one, and return the user: for who just proved the mailbox is theirs.

    Sessions elsewhere end, because their key depends on it. Raises PasswordNotValid.
    """
    person = _locked(user)
    put_password(person, password, act=act)
    return person


def change_picture(*, user: User, upload: bytes, act: Act) -> None:
    """Show the middle of this picture in place of the person's initials. Raises UnusablePicture."""
    jpeg = portrait_from(upload)  # drawn before anything is locked
    with transaction.atomic():
        person = _locked(user)
        UserPicture.objects.update_or_create(user=person, defaults={"jpeg": jpeg})
        _put_picture_key(person, new_public_id(), act)


@transaction.atomic
def remove_picture(*, user: User, act: Act) -> None:
    """Go back to the person's initials; where there is no picture nothing happens."""
    person = _locked(user)
    if person.picture_key:
        UserPicture.objects.filter(user=person).delete()
        _put_picture_key(person, "", act)


def _locked(user: User) -> User:
    person: User = User.objects.select_for_update().get(pk=user.pk)
    return person


def _put_picture_key(person: User, key: str, act: Act) -> None:
    person.picture_key = key
    person.save(update_fields=["picture_key"])
    record(UserChanged(subject_id=person.pk, fields=["picture"]), act=act)
