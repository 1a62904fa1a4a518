import pytest

from deskhand.accounts.models import Agent, User
from tests.cast import Cast
from tests.web.visitors import signed_in

PROFILE = "/workspace/profile"
GOOD = {"name": "Ben Baker", "title": "Lead", "phone": "1", "theme": "dark", "uses_shortcuts": "on"}
PASSWORD = "correct horse battery"


def test_changes_how_one_appears(cast: Cast) -> None:
    browser = signed_in(cast.kit.user)
    browser.cookies["theme"] = "light"
    answer = browser.post(PROFILE, GOOD | {"name": "Kit C"})
    kit = Agent.objects.select_related("user").get(pk=cast.kit.pk)
    assert (kit.name, kit.title, kit.user.theme, kit.user.uses_shortcuts) == ("Kit C", "Lead", "dark", True)
    assert answer.cookies["theme"].value == ""
    assert 'data-theme="dark"' in browser.get(PROFILE).content.decode()


def test_switches_shortcuts_off(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    given = dict(GOOD)
    del given["uses_shortcuts"]
    browser.post(PROFILE, given)
    assert 'data-hotkeys="off"' in browser.get(PROFILE).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 201}, "200 fit"),
        ({"title": "x" * 121}, "120 fit"),
        ({"phone": "x" * 41}, "40 fit"),
        ({"theme": "pink"}, "Choose one from the list."),
    ],
)
def test_says_what_to_mend(cast: Cast, changed: dict[str, str], words: str) -> None:
    answer = signed_in(cast.ben.user).post(PROFILE, GOOD | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Agent.objects.get(pk=cast.ben.pk).title == ""


def test_sets_a_password_and_stays_signed_in_here_alone(cast: Cast) -> None:
    here, elsewhere = signed_in(cast.ben.user), signed_in(cast.ben.user)
    here.post(f"{PROFILE}/password", {"new": PASSWORD, "again": PASSWORD})
    assert User.objects.get(pk=cast.ben.user_id).check_password(PASSWORD)
    assert here.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"new": "", "again": ""}, "Enter the new password."),
        ({"new": PASSWORD + "!", "again": "other"}, "The two passwords differ."),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "ben@desk.example", "again": "ben@desk.example"}, "too similar"),
        ({"new": PASSWORD + "!", "again": PASSWORD + "!", "current": "guess"}, "That is not your current password."),
    ],
)
def test_refuses_a_password_and_says_why(cast: Cast, given: dict[str, str], words: str) -> None:
    browser = signed_in(cast.ben.user)
    browser.post(f"{PROFILE}/password", {"new": PASSWORD, "again": PASSWORD})
    answer = browser.post(f"{PROFILE}/password", {"current": PASSWORD} | given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'type="password" value=""' in answer.content.decode()
    assert User.objects.get(pk=cast.ben.user_id).check_password(PASSWORD)


def test_does_not_let_the_present_password_be_guessed(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    browser.post(f"{PROFILE}/password", {"new": PASSWORD, "again": PASSWORD})
    for guess in range(5):
        last = browser.post(f"{PROFILE}/password", {"current": str(guess), "new": PASSWORD, "again": PASSWORD})
    assert "tried too often" in last.content.decode()


def test_signs_out_everywhere_else(cast: Cast) -> None:
    here, elsewhere = signed_in(cast.ben.user), signed_in(cast.ben.user)
    here.post(f"{PROFILE}/sessions")
    assert here.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302
    assert signed_in(cast.ada.user).get(PROFILE).status_code == 200
