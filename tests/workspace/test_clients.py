import re
from dataclasses import replace

import pytest

from deskhand.accounts.models import Agent, Role
from deskhand.accounts.roles import Permission
from deskhand.clients.actions.notes import edit_client_note
from deskhand.clients.actions.people import create_client, create_contact
from deskhand.clients.models import Client
from deskhand.clients.models.notes import ClientNote
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.queries.clients import list_clients
from tests.cast import Cast, act_by
from tests.portal import plans
from tests.web.visitors import signed_in
from tests.workspace.counting import next_page, queries_of

LIST = "/workspace/clients"


def page_of(cast: Cast, client: Client, **query: str) -> str:
    return signed_in(cast.ben.user).get(f"{LIST}/{client.public_id}", query).content.decode()


def hide_details() -> None:
    Role.objects.filter(slug="agent").update(permissions=["clients:view"])


def test_lists_clients_with_their_counts(cast: Cast) -> None:
    cast.ticket()
    cast.staff_reply(cast.ticket())
    close_ticket(ticket_id=cast.ticket().pk, act=act_by(cast.ben.user))
    acme, other = list_clients(cast.ben).rows
    assert (acme.name, acme.open_count, acme.awaiting_count, acme.people_count) == ("Acme", 1, 1, 2)
    assert (other.name, other.open_count, other.awaiting_count, other.people_count) == ("Other Ltd", 0, 0, 1)
    page = signed_in(cast.ben.user).get(LIST).content.decode()
    assert page.index("Acme") < page.index("Other Ltd")
    assert "Ben Baker" in page


@pytest.mark.parametrize(
    ("words", "found"), [("acm", True), ("ACME.EX", True), ("other", False), ("acme other", False)]
)
def test_finds_clients_by_name_or_domain(cast: Cast, words: str, found: bool) -> None:
    assert (">Acme<" in signed_in(cast.ben.user).get(LIST, {"q": words}).content.decode()) is found


def test_goes_on_by_name_page_after_page(cast: Cast) -> None:
    for number in range(120):
        create_client(name=f"client {number:03}", act=act_by(None))
    browser, address, seen = signed_in(cast.ben.user), LIST, []
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r'scope="row"><a [^>]+>([^<]+)<', page)
        address = next_page(page)
    assert seen == ["Acme", *(f"client {number:03}" for number in range(120)), "Other Ltd"]


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [(60, "7h left", "bar"), (400, "1h 20m left", "bar warn"), (510, "30m over", "bar late")],
)
def test_shows_what_is_left_of_each_allowance(cast: Cast, minutes: int, words: str, tone: str) -> None:
    plans.start(cast)
    plans.log(cast, cast.ticket(), minutes)
    page = signed_in(cast.ada.user).get(LIST).content.decode()
    assert words in page
    assert f'<progress class="{tone} ' in page
    assert page.count("No plan<") == 1, "the other client"


def test_keeps_allowances_from_roles_that_may_not_see_them(cast: Cast) -> None:
    plans.start(cast)
    Role.objects.filter(pk=cast.ben.role_id).update(permissions=[Permission.CLIENTS_VIEW.value])
    page = signed_in(cast.ben.user).get(LIST).content.decode()
    assert "Acme" in page
    assert "Allowance" not in page


def test_takes_as_many_queries_for_many_clients_as_for_few(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    plans.start(cast)
    few = queries_of(browser, LIST)
    for number in range(40):
        client = create_client(name=f"c{number}", account_manager=cast.ada, act=act_by(None))
        cast.opened_by(create_contact(email=f"p{number}@x.example", name="P", client=client, act=act_by(None)))
        plans.start(replace(cast, acme=client))
    assert queries_of(browser, LIST) == few


def test_takes_as_many_queries_for_a_full_client_as_for_an_empty_one(cast: Cast) -> None:
    browser, address = signed_in(cast.ben.user), f"{LIST}/{cast.acme.public_id}"
    cast.ticket()
    few = queries_of(browser, address)
    for number in range(20):
        create_contact(email=f"p{number}@acme.example", name=f"P{number}", act=act_by(None))
        cast.ticket()
    assert queries_of(browser, address) == few


def test_shows_open_and_closed_tickets_apart(cast: Cast) -> None:
    cast.ticket("Still open")
    close_ticket(ticket_id=cast.ticket("All done").pk, act=act_by(cast.ben.user))
    cast.opened_by(cast.eve, subject="Not theirs")
    assert "Still open" in page_of(cast, cast.acme)
    assert "All done" not in page_of(cast, cast.acme)
    assert "All done" in page_of(cast, cast.acme, show="closed")
    assert "Not theirs" not in page_of(cast, cast.acme)


def test_pages_through_many_tickets(cast: Cast) -> None:
    for number in range(30):
        cast.ticket(f"Ticket no. {number:02}.")
    page = page_of(cast, cast.acme)
    rest = signed_in(cast.ben.user).get(next_page(page)).content.decode()
    assert page.count("Ticket no.") + rest.count("Ticket no.") == 30


def test_hides_addresses_and_numbers_from_those_who_may_not_know_them(cast: Cast) -> None:
    Client.objects.filter(pk=cast.acme.pk).update(phone="020 7946 0000")
    hide_details()
    page = page_of(cast, cast.acme)
    assert "Cleo Clarke" in page
    assert "cleo@acme.example" not in page
    assert "020 7946 0000" not in page
    assert signed_in(cast.ben.user).get(f"{LIST}/{cast.acme.public_id}/edit").status_code == 403


def test_adds_a_client(cast: Cast) -> None:
    given = {"name": "New Ltd", "phone": "1", "account_manager": cast.ada.pk, "domains": "new.example, www.new.example"}
    answer = signed_in(cast.ben.user).post(f"{LIST}/new", given)
    client = Client.objects.get(name="New Ltd")
    assert answer["Location"] == f"{LIST}/{client.public_id}"
    assert sorted(client.domains.values_list("name", flat=True)) == ["new.example", "www.new.example"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Give the client a name."),
        ({"name": "other LTD"}, "There already is a client called"),
        ({"name": "x" * 201}, "201 characters long; 200 fit"),
        ({"phone": "1" * 41}, "41 characters long; 40 fit"),
        ({"domains": "gmail.com"}, "Anybody can have an address at gmail.com"),
        ({"domains": "not a domain"}, "is no domain"),
        ({"domains": "eve.example"}, "eve.example already belongs to Other Ltd"),
        ({"account_manager": "999999"}, "Choose one from the list."),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_says_what_to_mend_and_changes_nothing(cast: Cast, changed: dict[str, str], words: str, is_new: bool) -> None:
    browser = signed_in(cast.ben.user)
    browser.post(f"{LIST}/{cast.other.public_id}/edit", {"name": "Other Ltd", "domains": "eve.example"})
    address = f"{LIST}/new" if is_new else f"{LIST}/{cast.acme.public_id}/edit"
    answer = browser.post(address, {"name": "Fresh", "domains": "fresh.example"} | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#39;", "'")
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Acme", "Other Ltd"]
    assert list(cast.acme.domains.values_list("name", flat=True)) == ["acme.example"]


def test_changes_a_client(cast: Cast) -> None:
    given = {"name": "Acme Inc", "phone": "", "account_manager": "", "domains": ""}
    signed_in(cast.ben.user).post(f"{LIST}/{cast.acme.public_id}/edit", given)
    cast.acme.refresh_from_db()
    assert (cast.acme.name, cast.acme.account_manager) == ("Acme Inc", None)
    assert not cast.acme.domains.exists()


def test_keeps_an_account_manager_who_left(cast: Cast) -> None:
    type(cast.ben.user).objects.filter(pk=cast.ben.user_id).update(is_active=False)
    browser, address = signed_in(cast.ada.user), f"{LIST}/{cast.acme.public_id}/edit"
    assert "Ben Baker" in browser.get(address).content.decode()
    browser.post(address, {"name": "Acme", "account_manager": cast.ben.pk, "domains": "acme.example"})
    cast.acme.refresh_from_db()
    assert cast.acme.account_manager == cast.ben


def test_keeps_a_note_that_clients_never_see(cast: Cast) -> None:
    browser, address = signed_in(cast.ben.user), f"{LIST}/{cast.acme.public_id}"
    browser.post(f"{address}/note", {"text": "canary-4711", "version": "0"})
    assert "canary-4711" in browser.get(address).content.decode()
    ticket = cast.ticket()
    for path in ("/", f"/tickets/{ticket.number}", "/details"):
        assert "canary-4711" not in signed_in(cast.cleo.user).get(path).content.decode()


def test_shows_what_a_colleague_saved_meanwhile_and_keeps_both_texts(cast: Cast) -> None:
    edit_client_note(client_id=cast.acme.pk, text="Theirs", seen_version=0, act=act_by(cast.ada.user))
    browser, address = signed_in(cast.ben.user), f"{LIST}/{cast.acme.public_id}/note"
    answer = browser.post(address, {"text": "Mine", "version": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="version" value="1"' in page
    assert ClientNote.objects.get().text == "Theirs"
    assert browser.post(address, {"text": "Both", "version": "1"}).status_code == 302


@pytest.mark.parametrize(
    "given", [{"text": "x" * 20_001, "version": "0"}, {"text": "x"}, {"text": "x", "version": "-1"}]
)
def test_refuses_a_note_that_cannot_be_kept(cast: Cast, given: dict[str, str]) -> None:
    answer = signed_in(cast.ben.user).post(f"{LIST}/{cast.acme.public_id}/note", given)
    assert answer.status_code == 422
    assert not ClientNote.objects.exists()


def test_counts_only_tickets_the_agent_sees(cast: Cast) -> None:
    Role.objects.filter(slug="agent").update(visibility="assigned")
    cast.ticket("Secret work")
    assert "Secret work" not in page_of(cast, cast.acme)
    assert list_clients(Agent.objects.get(pk=cast.ben.pk)).rows[0].open_count == 0
