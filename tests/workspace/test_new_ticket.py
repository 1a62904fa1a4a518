from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deskhand.accounts.models import Role
from deskhand.clients.models import Contact
from deskhand.tickets.models import Draft, Message, Priority, Recipient, Source, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import Cast
from tests.web.visitors import signed_in

ADDRESS = "/workspace/tickets/new"


def fields(cast: Cast, **changed: Any) -> dict[str, Any]:
    given = {
        "contact": cast.cleo.pk,
        "subject": "Certificate",
        "text": "It runs out on Friday.",
        "audience": "client",
        "priority": Priority.NORMAL.value,
        "tells_client": "on",
        "idempotency_key": "k",
    }
    return given | changed


def sent(cast: Cast, **changed: Any) -> Any:
    return signed_in(cast.ben.user).post(ADDRESS, fields(cast, **changed))


def test_opens_a_ticket_for_a_client(cast: Cast) -> None:
    answer = sent(cast, category="question", priority=Priority.HIGH.value, assignee=cast.ada.pk)
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/workspace/tickets/{ticket.number}"
    assert (ticket.requester, ticket.source, ticket.priority) == (cast.cleo, Source.ADMIN, Priority.HIGH)
    assert list(ticket.assignees.all()) == [cast.ada]
    assert Recipient.objects.get().address == "cleo@acme.example"


def test_tells_nobody_where_that_is_not_wanted(cast: Cast) -> None:
    given = fields(cast)
    del given["tells_client"]
    signed_in(cast.ben.user).post(ADDRESS, given)
    assert Ticket.objects.exists()
    assert not Recipient.objects.exists()


def test_opens_one_that_only_the_team_reads(cast: Cast) -> None:
    sent(cast, audience="team")
    assert TeamMessage.objects.get().text == "It runs out on Friday."
    assert not Message.objects.exists()
    portal = signed_in(cast.cleo.user)
    assert "Certificate" not in portal.get("/").content.decode()
    assert portal.get(f"/tickets/{Ticket.objects.get().number}").status_code == 404


def test_makes_someone_new_on_the_way(cast: Cast) -> None:
    sent(cast, contact="", new_name="Zed", new_email="ZED@acme.example")
    zed = Contact.objects.with_people().get(user__email="zed@acme.example")
    assert (zed.name, zed.client) == ("Zed", cast.acme)
    assert Ticket.objects.get().requester == zed


def test_sent_twice_opens_one(cast: Cast) -> None:
    first, second = sent(cast), sent(cast)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_keeps_files_sent_without_scripts(cast: Cast) -> None:
    file = SimpleUploadedFile("log.txt", b"it failed")
    sent(cast, files=file)
    assert Ticket.objects.get().attachments.get().file.name == "log.txt"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"contact": ""}, "Choose for whom"),
        ({"contact": "999999"}, "Choose one from the list."),
        ({"contact": "x"}, "Choose one from the list."),
        ({"contact": "", "new_name": "Zed"}, "Enter an e-mail address."),
        ({"contact": "", "new_email": "zed"}, "does not look like an e-mail address"),
        ({"contact": "", "new_email": "ada@desk.example"}, "ada@desk.example works here."),
        ({"subject": ""}, "Give the ticket a subject."),
        ({"subject": "\u200e \x01"}, "Give the ticket a subject."),
        ({"subject": "x" * 201}, "201 characters long; 200 fit"),
        ({"text": " "}, "Write a message or attach a file first."),
        ({"text": "x" * 100_001}, "100,000 fit"),
        ({"category": "nonsense"}, "Choose one from the list."),
        ({"priority": "9"}, "Choose one from the list."),
        ({"assignee": "999999"}, "Choose one from the list."),
        ({"audience": "everyone"}, "Choose one from the list."),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(cast: Cast, changed: dict[str, Any], words: str) -> None:
    answer = sent(cast, **changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert not Ticket.objects.exists()
    for name, typed in fields(cast, **changed).items():
        if name in {"subject", "new_name", "new_email"} and "\x01" not in typed:
            assert f'value="{typed}"' in page
    if changed.get("text") is None:
        assert "It runs out on Friday." in page


def test_finds_people_without_scripts_and_keeps_the_rest(cast: Cast) -> None:
    page = sent(cast, find="people", q="eve", contact="").content.decode()
    assert "Eve Evans" in page
    assert "Dev Das" not in page
    assert "It runs out on Friday." in page
    assert "Please look at" not in page


def test_offers_people_while_typing_and_keeps_who_is_chosen(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    page = browser.get("/workspace/contacts/matches", {"q": "acme", "contact": str(cast.eve.pk)}).content.decode()
    assert page.index("Eve Evans") < page.index("Cleo Clarke") < page.index("Dev Das")
    assert page.count("checked") == 1
    assert "cleo@acme.example" in page


def test_begins_with_the_contact_asked_for_and_the_draft(cast: Cast) -> None:
    Draft.objects.create(
        author=cast.ben.user, ticket=None, audience="client", revision=3, updated_at=cast.acme.created_at,
        content={"subject": "Half a subject", "text": "Half a text", "audience": "team"},
    )  # fmt: skip
    page = signed_in(cast.ben.user).get(ADDRESS, {"contact": cast.dev.pk}).content.decode()
    assert "Half a subject" in page
    assert "Half a text" in page
    assert "Dev Das" in page
    assert 'data-draft-revision-value="3"' in page


def test_keeps_with_a_draft_who_is_to_read_it(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    draft = {"text": "For us.", "audience": "team", "contact": str(cast.cleo.pk), "revision": 1}
    browser.post("/drafts", draft, content_type="application/json")
    page = browser.get(ADDRESS).content.decode()
    assert 'name="audience" value="team" checked' in page
    assert 'id="field-tells_client" name="tells_client" value="on" checked' not in page
    assert f'name="contact" value="{cast.cleo.pk}" checked' in page


def test_opening_clears_the_draft(cast: Cast) -> None:
    Draft.objects.create(
        author=cast.ben.user, ticket=None, audience="client", revision=3, updated_at=cast.acme.created_at,
        content={"subject": "Half"},
    )  # fmt: skip
    sent(cast, draft_revision="5")
    assert Draft.objects.get().content == {}


def test_shows_no_addresses_to_those_who_may_not_know_them(cast: Cast) -> None:
    Role.objects.filter(slug="agent").update(permissions=["tickets:create", "clients:view"])
    browser = signed_in(cast.ben.user)
    assert "Cleo Clarke" in browser.get("/workspace/contacts/matches", {"q": "cleo"}).content.decode()
    assert "@acme.example" not in browser.get("/workspace/contacts/matches", {"q": "cleo"}).content.decode()
    assert "Cleo" not in browser.get("/workspace/contacts/matches", {"q": "acme.example"}).content.decode()


def test_offers_nobody_to_those_who_may_not_see_clients(cast: Cast) -> None:
    Role.objects.filter(slug="agent").update(permissions=["tickets:create"])
    browser = signed_in(cast.ben.user)
    assert "Cleo" not in browser.get("/workspace/contacts/matches", {"q": "cleo"}).content.decode()
    assert "Cleo" not in browser.get(ADDRESS, {"contact": cast.cleo.pk}).content.decode()
    assert browser.post(ADDRESS, fields(cast)).status_code == 422
