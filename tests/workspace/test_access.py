"""Addresses of lists and single things that nobody can open, whoever asks. Who gets in: tests/web/access_rows.py."""

import pytest

from tests.cast import Cast
from tests.web.visitors import signed_in


@pytest.mark.parametrize(
    "path",
    [
        "clients/unknown",
        "clients/unknown/edit",
        "clients/unknown/people/new",
        "contacts/999999",
        "settings/statuses/999999",
        "settings/statuses/999999/removal",
        "settings/categories/999999",
        "settings/tags/999999",
        "settings/tags/999999/removal",
        "settings/agents/999999",
        "settings/teams/999999",
        "settings/mail/in/999999",
        "settings/mail/in/999999/body",
        "settings/mail/in/999999/raw",
        "settings/mail/out/999999",
        "settings/mail/out/999999/body",
    ],
)
def test_says_of_what_is_not_there_that_it_is_not(cast: Cast, path: str) -> None:
    assert signed_in(cast.ada.user).get(f"/workspace/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "clients/unknown/note",
        "contacts/999999/client",
        "contacts/999999/sign-in-link",
        "settings/statuses/999999/place",
        "settings/categories/999999/place",
        "settings/agents/999999/role",
        "settings/agents/999999/activity",
        "settings/agents/999999/sign-in-link",
        "settings/teams/999999/members",
    ],
)
def test_does_nothing_to_what_is_not_there(cast: Cast, path: str) -> None:
    assert signed_in(cast.ada.user).post(f"/workspace/{path}", {"direction": "up"}).status_code == 404


@pytest.mark.parametrize("after", ["x", "1", ".a", "9" * 30 + ".a", "in.x.1", "-1.a", "1.a\x00"])
@pytest.mark.parametrize("path", ["clients", "contacts", "settings/tags", "settings/mail"])
def test_refuses_a_page_that_no_list_has(cast: Cast, path: str, after: str) -> None:
    answer = signed_in(cast.ada.user).get(f"/workspace/{path}", {"after": after})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["settings/statuses/{}/place", "settings/categories/{}/place"])
def test_refuses_a_direction_that_is_none(cast: Cast, path: str) -> None:
    answer = signed_in(cast.ada.user).post("/workspace/" + path.format(1), {"direction": "sideways"})
    assert answer.status_code == 400


@pytest.mark.parametrize("words", ["x" * 5000, "%", "\\", "' OR 1=1", "\x00", "::", "a " * 60])
@pytest.mark.parametrize("path", ["clients", "contacts", "contacts/matches", "settings/tags", "settings/mail"])
def test_searches_for_anything(cast: Cast, path: str, words: str) -> None:
    assert signed_in(cast.ada.user).get(f"/workspace/{path}", {"q": words}).status_code == 200
