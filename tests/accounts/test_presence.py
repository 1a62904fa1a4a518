from datetime import timedelta

import pytest

from deskhand.accounts.actions.presence import note_seen
from deskhand.accounts.models import User
from tests.cast import NOON, Cast
from tests.web.visitors import signed_in


@pytest.mark.parametrize(("minutes", "written"), [(0, False), (59, False), (60, True), (600, True)])
def test_remembers_who_is_here_once_an_hour(cast: Cast, minutes: int, written: bool) -> None:
    user = cast.cleo.user
    note_seen(user=user, at=NOON)
    user.refresh_from_db()
    note_seen(user=user, at=NOON + timedelta(minutes=minutes))
    user.refresh_from_db()
    assert user.seen_at == NOON + timedelta(minutes=minutes if written else 0)


def test_signing_in_counts_as_being_here(cast: Cast) -> None:
    user = cast.cleo.user
    user.last_login = NOON
    note_seen(user=user, at=NOON + timedelta(minutes=59))
    assert User.objects.get(pk=user.pk).last_seen_at is None


@pytest.mark.parametrize(("who", "path"), [("cleo", "/"), ("ben", "/workspace/"), ("cleo", "/preferences/theme")])
def test_every_page_notes_who_opened_it(cast: Cast, who: str, path: str) -> None:
    user = getattr(cast, who).user
    browser = signed_in(user)
    User.objects.filter(pk=user.pk).update(last_login=NOON - timedelta(days=90))
    browser.post(path, {"theme": "dark"}) if "theme" in path else browser.get(path)
    assert User.objects.get(pk=user.pk).last_seen_at is not None
