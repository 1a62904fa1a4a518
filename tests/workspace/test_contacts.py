import pytest

from deskhand.accounts.models import Role, SignInLink, User
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in
from tests.workspace.counting import queries_of

LIST = "/workspace/contacts"
GOOD = {"name": "Cleo C", "email": "cleo@acme.example", "title": "CEO", "phone": "1", "sees_whole_client": "on"}


def lone(cast: Cast) -> Contact:
    return create_contact(email="lone@nowhere.example", name="Lone Ranger", act=act_by(None))


def test_lists_people_by_name(cast: Cast) -> None:
    page = signed_in(cast.ben.user).get(LIST).content.decode()
    assert page.index("Cleo Clarke") < page.index("Dev Das") < page.index("Eve Evans")
    assert "eve@other.example" in page


@pytest.mark.parametrize(("words", "found"), [("cleo", True), ("acme cl", True), ("CLEO@ac", True), ("eve", False)])
def test_finds_people_by_name_client_and_address(cast: Cast, words: str, found: bool) -> None:
    assert ("Cleo Clarke" in signed_in(cast.ben.user).get(LIST, {"q": words}).content.decode()) is found


def test_shows_those_without_a_client_apart(cast: Cast) -> None:
    lone(cast)
    page = signed_in(cast.ben.user).get(LIST, {"without": "client"}).content.decode()
    assert "Lone Ranger" in page
    assert "Cleo Clarke" not in page


def test_takes_as_many_queries_for_many_people_as_for_few(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    few = queries_of(browser, LIST)
    for number in range(60):
        create_contact(email=f"p{number}@acme.example", name=f"P{number:02}", act=act_by(None))
    assert queries_of(browser, LIST) == few


def test_hides_addresses_from_those_who_may_not_know_them(cast: Cast) -> None:
    User.objects.filter(pk=cast.dev.user_id).update(name="dev@acme.example")
    Role.objects.filter(slug="agent").update(permissions=["clients:view", "clients:change"])
    browser = signed_in(cast.ben.user)
    for path in (LIST, f"{LIST}/{cast.dev.pk}", f"{LIST}/{cast.cleo.pk}"):
        assert "@acme.example" not in browser.get(path).content.decode()
    assert browser.post(f"{LIST}/{cast.cleo.pk}", GOOD).status_code == 403


def test_shows_a_persons_own_tickets(cast: Cast) -> None:
    cast.ticket("Asked by Cleo")
    cast.opened_by(cast.dev, subject="Asked by Dev")
    page = signed_in(cast.ben.user).get(f"{LIST}/{cast.cleo.pk}").content.decode()
    assert "Asked by Cleo" in page
    assert "Asked by Dev" not in page


def test_changes_a_person(cast: Cast) -> None:
    answer = signed_in(cast.ben.user).post(f"{LIST}/{cast.cleo.pk}", GOOD | {"is_client_admin": "on"})
    cleo = Contact.objects.with_people().get(pk=cast.cleo.pk)
    assert answer.status_code == 302
    assert (cleo.name, cleo.title, cleo.is_client_admin) == ("Cleo C", "CEO", True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 201}, "200 fit"),
        ({"email": ""}, "Enter an e-mail address."),
        ({"email": "cleo"}, "does not look like an e-mail address"),
        ({"email": "EVE@other.example"}, "eve@other.example already belongs to someone."),
        ({"email": "ada@desk.example"}, "ada@desk.example already belongs to someone."),
        ({"title": "x" * 121}, "120 fit"),
        ({"phone": "x" * 41}, "40 fit"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_says_what_to_mend_and_changes_nothing(cast: Cast, changed: dict[str, str], words: str, is_new: bool) -> None:
    address = f"/workspace/clients/{cast.acme.public_id}/people/new" if is_new else f"{LIST}/{cast.cleo.pk}"
    answer = signed_in(cast.ben.user).post(address, GOOD | {"email": "new@acme.example"} | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert sorted(Contact.objects.values_list("user__name", flat=True)) == ["Cleo Clarke", "Dev Das", "Eve Evans"]


def test_adds_a_person_to_a_client_whatever_their_domain(cast: Cast) -> None:
    given = {"name": "Fay", "email": "fay@other.example"}
    signed_in(cast.ben.user).post(f"/workspace/clients/{cast.acme.public_id}/people/new", given)
    fay = Contact.objects.with_people().get(user__email="fay@other.example")
    assert (fay.client, fay.sees_whole_client) == (cast.acme, False)


def test_puts_someone_without_a_client_into_one(cast: Cast) -> None:
    person, browser = lone(cast), signed_in(cast.ben.user)
    assert "Belongs to no client" in browser.get(f"{LIST}/{person.pk}").content.decode()
    assert browser.post(f"{LIST}/{person.pk}/client", {"client": ""}).status_code == 422
    browser.post(f"{LIST}/{person.pk}/client", {"client": cast.acme.public_id})
    person.refresh_from_db()
    assert person.client == cast.acme


def test_moves_nobody_from_one_client_to_another(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    answer = browser.post(f"{LIST}/{cast.eve.pk}/client", {"client": cast.acme.public_id}, follow=True)
    assert "already belongs to another client" in answer.content.decode()
    assert Contact.objects.get(pk=cast.eve.pk).client == cast.other


def test_sends_a_sign_in_link_but_not_without_end(cast: Cast) -> None:
    browser, address = signed_in(cast.ben.user), f"{LIST}/{cast.cleo.pk}/sign-in-link"
    for _ in range(5):
        assert "is on its way" in browser.post(address, follow=True).content.decode()
    assert "too often" in browser.post(address, follow=True).content.decode()
    assert SignInLink.objects.filter(user=cast.cleo.user).count() == 5


def test_sends_no_link_to_someone_who_may_not_sign_in(cast: Cast) -> None:
    User.objects.filter(pk=cast.cleo.user_id).update(is_active=False)
    answer = signed_in(cast.ben.user).post(f"{LIST}/{cast.cleo.pk}/sign-in-link", follow=True)
    assert "cannot sign in" in answer.content.decode()
    assert not SignInLink.objects.exists()


def test_ends_a_persons_access_and_lets_them_in_again(cast: Cast) -> None:
    browser, theirs = signed_in(cast.ben.user), signed_in(cast.cleo.user)
    path = f"{LIST}/{cast.cleo.pk}"
    assert "Let in again" in browser.post(f"{path}/access", {"access": "no"}, follow=True).content.decode()
    assert theirs.get("/")["Location"].startswith("/sign-in")
    assert "End access" in browser.post(f"{path}/access", {"access": "yes"}, follow=True).content.decode()
    assert User.objects.get(pk=cast.cleo.user_id).is_active


def test_keeps_the_last_one_who_manages_a_clients_people(cast: Cast) -> None:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)
    answer = signed_in(cast.ben.user).post(f"{LIST}/{cast.cleo.pk}/access", follow=True)
    assert "Cleo Clarke is the last one who manages the people of this client." in answer.content.decode()
    assert User.objects.get(pk=cast.cleo.user_id).is_active
