import pytest
from django.test import Client as Browser

from deskhand.accounts.models import SignInLink, User
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

PEOPLE = "/people"
NEW = {"name": "Fay Fox", "email": "Fay@acme.example", "sees_whole_client": "on"}


@pytest.fixture
def browser(cast: Cast) -> Browser:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)
    return signed_in(cast.cleo.user)


def test_lists_colleagues_and_what_they_may_see(cast: Cast, browser: Browser) -> None:
    page = browser.get(PEOPLE).content.decode()
    assert page.index("Cleo Clarke") < page.index("Dev Das")
    assert "Not here yet" in page
    assert "Eve Evans" not in page


def test_is_for_those_alone_who_manage_people(cast: Cast) -> None:
    browser = signed_in(cast.dev.user)
    for path in (PEOPLE, f"{PEOPLE}/new", f"{PEOPLE}/{cast.cleo.pk}", f"{PEOPLE}/{cast.cleo.pk}/removal"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"{PEOPLE}/{cast.cleo.pk}/removal").status_code == 404
    assert PEOPLE not in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter their name."),
        ({"name": "x" * 201}, "Shorten the name"),
        ({"email": ""}, "Enter their e-mail address."),
        ({"email": "fay"}, "does not look like an e-mail address"),
        ({"email": "Dev@acme.example"}, "Dev Das has this address, and is in your list already."),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(browser: Browser, change: dict[str, str], words: str) -> None:
    answer = browser.post(f"{PEOPLE}/new", NEW | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{(NEW | change)["email"]}"' in answer.content.decode()
    assert not Contact.objects.filter(user__email="fay@acme.example").exists()


def test_changes_what_a_colleague_may_do(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/{cast.dev.pk}", {"is_client_admin": "on"})
    dev = Contact.objects.get(pk=cast.dev.pk)
    assert (dev.sees_whole_client, dev.sees_maintenance, dev.is_client_admin) == (False, False, True)


def test_removes_a_colleague_at_once_and_keeps_their_tickets(cast: Cast, browser: Browser) -> None:
    ticket = cast.opened_by(cast.dev)
    elsewhere = signed_in(cast.dev.user)
    assert "Remove Dev Das?" in browser.get(f"{PEOPLE}/{cast.dev.pk}/removal").content.decode()
    page = browser.post(f"{PEOPLE}/{cast.dev.pk}/removal", follow=True).content.decode()
    assert "Dev Das cannot sign in any more." in page
    assert elsewhere.get("/")["Location"].startswith("/sign-in")
    assert f"/people/{cast.dev.pk}" not in page
    assert browser.get(f"/tickets/{ticket.number}").status_code == 200
    assert not cast.staff_reply(ticket).recipients.exists()


def test_lets_a_removed_colleague_come_back(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/{cast.dev.pk}/removal")
    browser.post(f"{PEOPLE}/new", NEW | {"email": "dev@acme.example"})
    dev = Contact.objects.with_people().get(pk=cast.dev.pk)
    assert dev.user.is_active
    assert SignInLink.objects.filter(user=dev.user).exists()


def test_nobody_removes_or_demotes_themselves(cast: Cast, browser: Browser) -> None:
    answer = browser.post(f"{PEOPLE}/{cast.cleo.pk}/removal")
    assert answer.status_code == 422
    assert "You cannot do this to yourself." in answer.content.decode()
    browser.post(f"{PEOPLE}/{cast.cleo.pk}", {"sees_whole_client": "on"})
    cleo = Contact.objects.with_people().get(pk=cast.cleo.pk)
    assert (cleo.user.is_active, cleo.is_client_admin, cleo.sees_maintenance) == (True, True, False)


def test_sends_a_colleague_another_link(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/{cast.dev.pk}/link")
    assert SignInLink.objects.filter(user=cast.dev.user).count() == 1
    browser.get(f"{PEOPLE}/{cast.dev.pk}/link")
    assert SignInLink.objects.filter(user=cast.dev.user).count() == 1


@pytest.mark.parametrize("page", ["", "/removal", "/link"])
def test_knows_nobody_of_another_client(cast: Cast, browser: Browser, page: str) -> None:
    lone = create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    for person in (cast.eve, lone):
        assert browser.get(f"{PEOPLE}/{person.pk}{page}").status_code == 404
        assert browser.post(f"{PEOPLE}/{person.pk}{page}").status_code == 404
    assert User.objects.get(pk=cast.eve.user_id).is_active
