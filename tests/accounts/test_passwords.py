import pytest

from deskhand.accounts.actions.passwords import PasswordNotValid, WrongPassword, change_password, end_sessions
from deskhand.accounts.models import User
from deskhand.events.models import Event
from tests.cast import Cast, act_by

GOOD = "correct horse battery"


def test_a_first_password_asks_for_no_old_one(cast: Cast) -> None:
    user = change_password(user_id=cast.ben.user_id, current="", new=GOOD, act=act_by(cast.ben.user))
    assert user.check_password(GOOD)
    assert Event.objects.filter(kind="user.password_changed", subject_id=user.pk).exists()


def test_a_later_one_asks_for_it(cast: Cast) -> None:
    act = act_by(cast.ben.user)
    change_password(user_id=cast.ben.user_id, current="", new=GOOD, act=act)
    with pytest.raises(WrongPassword):
        change_password(user_id=cast.ben.user_id, current="guess", new=GOOD + "!", act=act)


@pytest.mark.parametrize("weak", ["short", "password1234", "ben@desk.example"])
def test_a_weak_one_is_refused_with_reasons(cast: Cast, weak: str) -> None:
    with pytest.raises(PasswordNotValid) as caught:
        change_password(user_id=cast.ben.user_id, current="", new=weak, act=act_by(cast.ben.user))
    assert caught.value.reasons


def test_ending_sessions_changes_what_they_are_checked_against(cast: Cast) -> None:
    before = cast.ben.user.get_session_auth_hash()
    after = end_sessions(user_id=cast.ben.user_id, act=act_by(cast.ben.user))
    assert after.get_session_auth_hash() != before
    assert User.objects.get(pk=cast.eve.user_id).session_epoch == 0
