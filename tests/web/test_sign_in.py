from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from deskhand.accounts.actions.signing_in import create_sign_in_link, token_of
from deskhand.accounts.models import RateLimit, SignInLink, User
from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.web.sessions import safe_path, within_limits
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

PASSWORD = "correct horse battery"


def link_for(user: User, *, minutes_ago: int = 0, next_path: str = "") -> str:
    """Return the address of a link made some minutes ago."""
    act = act_by(None, at=datetime.now(UTC) - timedelta(minutes=minutes_ago))
    return f"/sign-in/link/{token_of(create_sign_in_link(user=user, act=act, next_path=next_path))}"


def who(browser: Browser) -> str | None:
    """Return the id of whoever is signed in, as the session has it."""
    return browser.session.get("_auth_user_id")


def test_a_link_is_on_its_way_to_someone_known(cast: Cast) -> None:
    answer = Browser().post("/sign-in", {"email": "Cleo@acme.example"}, follow=True)
    assert "Check your inbox" in answer.content.decode()
    assert SignInLink.objects.get().user == cast.cleo.user


def test_the_answer_to_a_stranger_is_the_same(cast: Cast) -> None:
    known, stranger = (
        Browser().post("/sign-in", {"email": address}, follow=True) for address in ("cleo@acme.example", "no@x.example")
    )
    pages = [
        answer.content.decode().replace(address, "").split("<main")[1].split("</main")[0]
        for answer, address in ((known, "cleo@acme.example"), (stranger, "no@x.example"))
    ]
    assert pages[0] == pages[1]
    assert known.status_code == stranger.status_code


@pytest.mark.parametrize("address", ["", "cleo", "a@b", "x" * 250 + "@x.example"])
def test_an_address_that_is_none_is_said_so_and_kept(db: None, address: str) -> None:
    answer = Browser().post("/sign-in", {"email": address})
    assert answer.status_code == 422
    assert "e-mail address" in answer.content.decode()
    assert f'value="{address}"' in answer.content.decode()


def test_opening_a_link_writes_nothing_and_signs_nobody_in(cast: Cast) -> None:
    address, browser = link_for(cast.cleo.user), Browser()
    before = Event.objects.count()
    for _ in range(3):
        answer = browser.get(address)
        assert "cleo@acme.example" in answer.content.decode()
    assert SignInLink.objects.get().used_at is None
    assert Event.objects.count() == before
    assert who(browser) is None


def test_pressing_the_button_signs_in_once(cast: Cast) -> None:
    address, browser = link_for(cast.cleo.user), Browser()
    assert browser.post(address)["Location"] == "/"
    assert who(browser) == str(cast.cleo.user.pk)
    again = Browser()
    answer = again.post(address)
    assert answer.status_code == 410
    assert "This link no longer works" in answer.content.decode()
    assert who(again) is None


def test_an_agent_begins_in_the_workspace(cast: Cast) -> None:
    assert Browser().post(link_for(cast.ben.user))["Location"] == "/workspace/inbox"


@pytest.mark.parametrize("minutes_ago", [15, 60])
def test_an_old_link_opens_nothing(cast: Cast, minutes_ago: int) -> None:
    address = link_for(cast.cleo.user, minutes_ago=minutes_ago)
    assert Browser().get(address).status_code == 410
    assert Browser().post(address).status_code == 410


def test_a_link_of_someone_who_left_opens_nothing(cast: Cast) -> None:
    address = link_for(cast.ben.user)
    User.objects.filter(pk=cast.ben.user.pk).update(is_active=False)
    assert Browser().post(address).status_code == 410


def test_signing_in_gives_the_session_a_new_key(cast: Cast) -> None:
    browser = Browser()
    browser.post("/sign-in", {"email": "cleo@acme.example"})
    before = browser.session.session_key
    browser.post(link_for(cast.cleo.user))
    assert browser.session.session_key != before


def test_goes_where_the_person_wanted_to_go(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = Browser().get(f"/tickets/{ticket.number}?x=1")
    assert answer["Location"] == f"/sign-in?next=%2Ftickets%2F{ticket.number}%3Fx%3D1"
    Browser().post("/sign-in", {"email": "cleo@acme.example", "next": f"/tickets/{ticket.number}"})
    link = SignInLink.objects.get()
    assert Browser().post(f"/sign-in/link/{token_of(link)}")["Location"] in {f"/tickets/{ticket.number}", "/"}
    assert link.next_path == f"/tickets/{ticket.number}"


FOREIGN = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
]


@pytest.mark.parametrize("path", FOREIGN)
def test_never_leads_away_from_the_desk(cast: Cast, path: str) -> None:
    assert safe_path(path) == ""
    cast.cleo.user.set_password(PASSWORD)
    cast.cleo.user.save()
    form = {"email": "cleo@acme.example", "password": PASSWORD, "next": path}
    assert Browser().post("/sign-in/password", form)["Location"] == "/"
    assert signed_in(cast.cleo.user).get("/sign-in", {"next": path})["Location"] == "/"
    assert Browser().post(link_for(cast.cleo.user, next_path=path))["Location"] == "/"


def test_a_password_signs_in(cast: Cast) -> None:
    cast.cleo.user.set_password(PASSWORD)
    cast.cleo.user.save()
    browser = Browser()
    form = {"email": "cleo@acme.example", "password": PASSWORD, "next": "/details"}
    assert browser.post("/sign-in/password", form)["Location"] == "/details"
    assert who(browser) == str(cast.cleo.user.pk)


@pytest.mark.parametrize("email", ["cleo@acme.example", "dev@acme.example", "nobody@x.example"])
def test_says_the_same_of_a_wrong_password_and_an_unknown_address(cast: Cast, email: str) -> None:
    cast.cleo.user.set_password(PASSWORD)
    cast.cleo.user.save()
    browser = Browser()
    answer = browser.post("/sign-in/password", {"email": email, "password": "wrong"})
    assert answer.status_code == 422
    assert "That address and password do not belong together." in answer.content.decode()
    assert "wrong" not in answer.content.decode()
    assert who(browser) is None


@pytest.mark.parametrize(("path", "extra"), [("/sign-in", {}), ("/sign-in/password", {"password": "guess"})])
def test_the_sixth_try_for_one_address_is_refused(cast: Cast, path: str, extra: dict[str, str]) -> None:
    form = {"email": "cleo@acme.example", **extra}
    answers = [Browser().post(path, form) for _ in range(6)]
    assert "tried too often" not in answers[4].content.decode()
    assert "tried too often" in answers[5].content.decode()
    assert SignInLink.objects.count() <= 5


def test_the_right_password_does_not_help_beyond_the_limit(cast: Cast) -> None:
    cast.cleo.user.set_password(PASSWORD)
    cast.cleo.user.save()
    for _ in range(5):
        Browser().post("/sign-in/password", {"email": "cleo@acme.example", "password": "guess"})
    browser = Browser()
    browser.post("/sign-in/password", {"email": "cleo@acme.example", "password": PASSWORD})
    assert who(browser) is None


def test_a_flood_from_one_place_spends_its_own_limit_first(db: None) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    act = act_by(None)
    tries = [within_limits(request, what="link", address=f"{n}@x.example", act=act) for n in range(31)]
    assert tries == [True] * 30 + [False]
    elsewhere = RequestFactory().get("/", REMOTE_ADDR="203.0.113.10")
    assert within_limits(elsewhere, what="link", address="30@x.example", act=act)


def test_a_household_counts_as_one_place(db: None) -> None:
    for host in ("2001:db8::1", "2001:db8::ffff"):
        within_limits(
            RequestFactory().get("/", REMOTE_ADDR=host), what="link", address=f"{host}@x.example", act=act_by(None)
        )
    assert RateLimit.objects.get(key__startswith="link:from:").count == 2


def test_a_forwarded_address_is_not_believed_from_anyone(cast: Cast) -> None:
    for number in range(31):
        Browser().post(
            "/sign-in", {"email": f"{number}@x.example"}, headers={"X-Forwarded-For": f"198.51.100.{number}"}
        )
    counted = RateLimit.objects.get(key__startswith="link:from:")
    assert counted.count == 31


def test_signing_out_ends_the_session_and_needs_a_post(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/").status_code == 200
    browser.post("/sign-out")
    assert browser.get("/").status_code == 302


def test_every_form_needs_its_token(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user, enforce_csrf_checks=True)
    answer = browser.post("/tickets/new", {"subject": "Forged", "text": "Forged"})
    assert answer.status_code == 403
    assert "This page was open for too long." in answer.content.decode()


def test_the_mailed_link_is_told_apart_by_its_door(cast: Cast) -> None:
    Browser().post(link_for(cast.cleo.user))
    assert Event.objects.get(kind="sign_in_link.used").via == Via.PORTAL
