"""Inviting a colleague: it looks the same for every address, and joins only who follows the link."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from deskhand.accounts.actions.signing_in import request_sign_in_link, token_of
from deskhand.accounts.models import SignInLink
from deskhand.clients.actions.contacts import join_client
from deskhand.clients.actions.people import find_or_create_contact
from deskhand.clients.models import Contact, Invitation
from deskhand.events.models import Event
from deskhand.mail.models import OutboundMail
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

PEOPLE = "/people"
FAY = "fay@acme.example"
NEW = {"name": "Fay Fox", "email": "Fay@acme.example", "is_client_admin": "on"}


@pytest.fixture
def browser(cast: Cast) -> Browser:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)
    return signed_in(cast.cleo.user)


def follow_link(address: str) -> None:
    link = SignInLink.objects.filter(user__email=address).latest("pk")
    assert Browser().post(f"/sign-in/link/{token_of(link)}").status_code == 302


def contact(address: str) -> Contact:
    return Contact.objects.with_people().get(user__email=address)


def shown(browser: Browser) -> str:
    return str(browser.get(PEOPLE).content.decode())


def test_a_person_joins_by_the_link_and_not_before(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    assert contact(FAY).client is None
    assert "Invited, waiting" in shown(browser)
    assert OutboundMail.objects.get().kind == "invitation"
    link = SignInLink.objects.get()
    Browser().get(f"/sign-in/link/{token_of(link)}")  # as a mail scanner does
    assert contact(FAY).client is None
    follow_link(FAY)
    fay = contact(FAY)
    assert (fay.client, fay.name) == (cast.acme, "Fay Fox")
    assert (fay.sees_whole_client, fay.sees_maintenance, fay.is_client_admin) == (False, False, True)
    page = shown(browser)
    assert "Invited, waiting" not in page
    assert f"{PEOPLE}/{fay.pk}" in page
    kinds = Event.objects.about("client", cast.acme.pk).values_list("kind", flat=True)
    assert "client.invitation_sent" in kinds


TAKEN = ["eve@other.example", "EVE@other.example", "ada@desk.example", "lone@nowhere.example"]


OF_EACH_PAGE = r"invitations/\d+|[A-Za-z0-9]{64}|<time.*?</time>|av av-\w+"
"""Numbers, tokens and times; and the color that an address has everywhere."""


@pytest.mark.parametrize("address", TAKEN)
def test_an_address_of_someone_else_looks_the_same_in_every_way(cast: Cast, browser: Browser, address: str) -> None:
    lone = find_or_create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    pages = []
    for email in (address, "fay@acme.example"):
        answer = browser.post(f"{PEOPLE}/new", NEW | {"email": email}, follow=True)
        assert (answer.status_code, answer.redirect_chain) == (200, [(PEOPLE, 302)])
        page = answer.content.decode().replace(email.lower(), "ADDRESS")
        pages.append(re.sub(OF_EACH_PAGE, "", page))
        again = Invitation.objects.get()
        assert browser.post(f"{PEOPLE}/invitations/{again.pk}/link", follow=True).status_code == 200
        browser.post(f"{PEOPLE}/invitations/{again.pk}/withdrawal")
        assert "Invited, waiting" not in shown(browser)
        Invitation.objects.all().delete()
    assert pages[0] == pages[1]
    assert Contact.objects.get(pk=cast.eve.pk).client == cast.other
    assert Contact.objects.get(pk=lone.pk).client is None


@pytest.mark.parametrize("address", ["eve@other.example", "lone@nowhere.example"])
def test_someone_else_gets_an_ordinary_link_and_joins_nobody(cast: Cast, browser: Browser, address: str) -> None:
    find_or_create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    before = contact(address).client
    browser.post(f"{PEOPLE}/new", NEW | {"email": address})
    assert OutboundMail.objects.get().kind == "sign_in_link"
    follow_link(address)
    assert contact(address).client == before
    assert "Invited, waiting" in shown(browser)


def test_a_withdrawn_invitation_lets_nobody_in_and_can_be_sent_anew(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    path = f"{PEOPLE}/invitations/{Invitation.objects.get().pk}"
    browser.get(f"{path}/withdrawal")
    assert "Invited, waiting" in shown(browser)
    browser.post(f"{path}/withdrawal")
    assert [browser.post(f"{path}/{verb}").status_code for verb in ("withdrawal", "link")] == [404, 404]
    follow_link(FAY)
    assert contact(FAY).client is None
    browser.post(f"{PEOPLE}/new", NEW | {"name": "Fay Foxx"})
    assert "Fay Foxx" in shown(browser)
    follow_link(FAY)
    assert contact(FAY).client == cast.acme


def test_any_later_link_of_theirs_will_do(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    request_sign_in_link(address=FAY, act=act_by(None, at=datetime.now(UTC)))
    follow_link(FAY)
    assert contact(FAY).client == cast.acme


def test_of_two_clients_the_last_one_that_asked_wins(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    Contact.objects.filter(pk=cast.eve.pk).update(is_client_admin=True)
    elsewhere = signed_in(cast.eve.user)
    elsewhere.post(f"{PEOPLE}/new", NEW)
    follow_link(FAY)
    assert contact(FAY).client == cast.other
    assert "Invited, waiting" in shown(browser)
    assert "Invited, waiting" not in shown(elsewhere)


def test_who_staff_let_join_waits_no_more(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    join_client(contact_id=contact(FAY).pk, client=cast.acme, act=act_by(cast.ada.user))
    assert "Invited, waiting" not in shown(browser)
    follow_link(FAY)
    assert contact(FAY).is_client_admin is False


def test_invitations_are_not_for_others(cast: Cast, browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW)
    path = f"{PEOPLE}/invitations/{Invitation.objects.get().pk}"
    Contact.objects.filter(pk=cast.eve.pk).update(is_client_admin=True)
    for person in (cast.eve, cast.dev):
        for verb in ("link", "withdrawal"):
            assert signed_in(person.user).post(f"{path}/{verb}").status_code == 404
    assert Invitation.objects.waiting().count() == 1


def test_nobody_is_written_to_again_and_again(browser: Browser) -> None:
    browser.post(f"{PEOPLE}/new", NEW | {"email": "eve@other.example"})
    path = f"{PEOPLE}/invitations/{Invitation.objects.get().pk}/link"
    for _ in range(5):
        answer = browser.post(path, follow=True)
    assert "That was tried too often." in answer.content.decode()
    refused = browser.post(f"{PEOPLE}/new", NEW | {"email": "eve@other.example"})
    assert "That was tried too often." in refused.content.decode()
