import pytest
from django.test import Client as Browser

from deskhand.accounts.actions.signing_in import create_sign_in_link, request_sign_in_link, token_of
from deskhand.clients.models import Client, Contact
from deskhand.events import Act, Via
from deskhand.mail.models import OutboundMail
from deskhand.web.viewers import act_of
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

DETAILS = {"name": "Cleo Clarke-Jones", "phone": "+44 (0)20 7946 0812", "theme": "dark"}
GOOD, BETTER = "correct horse battery", "staple correct horse"


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def test_changes_name_phone_and_theme(cast: Cast, browser: Browser) -> None:
    browser.cookies["theme"] = "light"
    answer = browser.post("/details", DETAILS)
    cast.cleo.refresh_from_db()
    assert (cast.cleo.user.name, cast.cleo.phone, cast.cleo.user.theme) == tuple(DETAILS.values())
    assert answer.cookies["theme"]["max-age"] == 0
    assert 'data-theme="dark"' in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter your name."),
        ({"name": "x" * 201}, "Shorten your name"),
        ({"phone": "call me"}, "Use digits, spaces"),
        ({"language": "tlh"}, "Choose a language from the list."),
        ({"time_zone": "Middle/Earth"}, "Choose a time zone from the list."),
        ({"theme": "pink"}, "Select a valid choice"),
    ],
)
def test_says_what_to_mend(browser: Browser, change: dict[str, str], words: str) -> None:
    answer = browser.post("/details", DETAILS | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_shows_times_in_the_zone_chosen_here_or_else_in_the_clients(cast: Cast, browser: Browser) -> None:
    ticket = cast.ticket()
    address = f"/tickets/{ticket.number}"
    assert "2026-11-18T12:00:00+00:00" in browser.get(address).content.decode()
    Client.objects.filter(pk=cast.acme.pk).update(time_zone="America/New_York")
    assert "2026-11-18T07:00:00-05:00" in browser.get(address).content.decode()
    browser.post("/details", DETAILS | {"time_zone": "Asia/Kolkata"})
    assert "2026-11-18T17:30:00+05:30" in browser.get(address).content.decode()
    assert '<option value="Asia/Kolkata" selected>' in browser.get("/details").content.decode()


def test_chooses_the_language_of_mail_to_them(cast: Cast, browser: Browser) -> None:
    assert "As usual: English" in browser.get("/details").content.decode()
    browser.post("/details", DETAILS | {"language": "nl"})
    assert '<option value="nl" selected>' in browser.get("/details").content.decode()
    request_sign_in_link(address=cast.cleo.email, act=act_by(None))
    assert OutboundMail.objects.get().subject == "Uw link om in te loggen bij Deskhand"
    browser.post("/details", DETAILS | {"language": ""})
    cast.cleo.refresh_from_db()
    assert cast.cleo.language == ""


def test_sets_a_first_password_and_stays_signed_in(cast: Cast, browser: Browser) -> None:
    elsewhere = signed_in(cast.cleo.user)
    browser.post("/details/password", {"new": GOOD})
    cast.cleo.user.refresh_from_db()
    assert cast.cleo.user.check_password(GOOD)
    assert browser.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_asks_for_the_present_password_before_another(cast: Cast) -> None:
    cast.cleo.user.set_password(GOOD)
    cast.cleo.user.save()
    browser = signed_in(cast.cleo.user)
    wrong = browser.post("/details/password", {"current": "guess", "new": BETTER})
    assert wrong.status_code == 422
    assert "That is not your present password." in wrong.content.decode()
    browser.post("/details/password", {"current": GOOD, "new": BETTER})
    cast.cleo.user.refresh_from_db()
    assert cast.cleo.user.check_password(BETTER)


def test_lets_nobody_guess_the_present_password_for_ever(cast: Cast) -> None:
    cast.cleo.user.set_password(GOOD)
    cast.cleo.user.save()
    browser = signed_in(cast.cleo.user)
    for _ in range(5):
        browser.post("/details/password", {"current": "guess", "new": BETTER})
    answer = browser.post("/details/password", {"current": GOOD, "new": BETTER})
    assert "tried too often" in answer.content.decode()


def test_someone_who_came_by_link_may_replace_a_forgotten_password(cast: Cast) -> None:
    cast.cleo.user.set_password(GOOD)
    cast.cleo.user.save()
    browser = Browser()
    request = browser.get("/sign-in").wsgi_request
    link = create_sign_in_link(
        user=cast.cleo.user, act=Act(actor=None, at=act_of(request, Via.PORTAL).at, via=Via.PORTAL)
    )
    browser.post(f"/sign-in/link/{token_of(link)}")
    assert "Present password" not in browser.get("/details").content.decode()
    browser.post("/details/password", {"new": BETTER})
    cast.cleo.user.refresh_from_db()
    assert cast.cleo.user.check_password(BETTER)


@pytest.mark.parametrize("password", ["short", "1234567890123", "cleo@acme.example", ""])
def test_refuses_a_password_that_is_easy_to_guess(cast: Cast, browser: Browser, password: str) -> None:
    answer = browser.post("/details/password", {"new": password})
    assert answer.status_code == 422
    cast.cleo.user.refresh_from_db()
    assert not cast.cleo.user.has_usable_password()


def test_chooses_mail_of_all_tickets_while_they_may_be_seen(cast: Cast, browser: Browser) -> None:
    assert 'value="mine" checked' in browser.get("/details").content.decode()
    browser.post("/details", DETAILS | {"notifications": "all"})
    cast.cleo.refresh_from_db()
    assert (cast.cleo.gets_ticket_mail, cast.cleo.gets_all_ticket_mail) == (True, True)
    assert 'value="all" checked' in browser.get("/details").content.decode()
    Contact.objects.filter(pk=cast.cleo.pk).update(sees_whole_client=False)
    shown = browser.get("/details").content.decode()
    assert 'value="all"' not in shown
    assert 'value="mine" checked' in shown


def test_unfollows_a_ticket_of_a_colleague_when_mail_comes_of_all(cast: Cast, browser: Browser) -> None:
    ticket = cast.opened_by(cast.dev)
    path = f"/tickets/{ticket.number}"
    assert "Unfollow" not in browser.get(path).content.decode()
    browser.post("/details", DETAILS | {"notifications": "all"})
    assert "Unfollow" in browser.get(path).content.decode()
    browser.post(f"{path}/following", {"follow": "no"})
    assert "You get no mail about this ticket." in browser.get(path).content.decode()
