from deskhand.accounts.actions.own_details import rename, replace_password
from deskhand.accounts.actions.passwords import end_sessions
from deskhand.accounts.models import User
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def test_a_name_is_recorded_when_it_changes(cast: Cast) -> None:
    for name in ("  Cleo  Clark ", "Cleo Clark", " "):
        rename(user=cast.cleo.user, name=name, act=act_by(cast.cleo.user))
    assert User.objects.get(pk=cast.cleo.user_id).name == "Cleo Clark"
    assert Event.objects.filter(kind="user.changed", subject_id=cast.cleo.user_id).count() == 1


def test_a_page_that_was_open_meanwhile_says_what_the_name_is(cast: Cast) -> None:
    act, seen_before = act_by(cast.cleo.user), User.objects.get(pk=cast.cleo.user_id)
    rename(user=User.objects.get(pk=cast.cleo.user_id), name="Somebody else", act=act)
    rename(user=seen_before, name=seen_before.name, act=act)
    assert User.objects.get(pk=cast.cleo.user_id).name == seen_before.name


def test_a_password_is_set_on_the_person_as_they_are_now(cast: Cast) -> None:
    act, seen_before = act_by(cast.cleo.user), User.objects.get(pk=cast.cleo.user_id)
    end_sessions(user_id=seen_before.pk, act=act)
    changed = replace_password(user=seen_before, password="correct horse battery", act=act)
    kept = User.objects.get(pk=seen_before.pk)
    assert kept.check_password("correct horse battery")
    assert changed.get_session_auth_hash() == kept.get_session_auth_hash()
