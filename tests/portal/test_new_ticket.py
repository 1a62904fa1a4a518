import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client as Browser

from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.models import MailSettings, OutboundMail
from deskhand.tickets.actions.drafts import DraftPlace, save_draft
from deskhand.tickets.models import Audience, Draft, Message, Source, Ticket
from tests.cast import Cast, act_by
from tests.portal.plans import start as start_plan
from tests.web.visitors import signed_in

FORM = {
    "subject": "The map is upside down",
    "category": "bug",
    "text": "North points south.",
    "document": "",
    "needed_by_on": "2099-11-26",
    "idempotency_key": "a" * 32,
}


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


def test_opens_a_ticket_and_says_thank_you(cast: Cast, browser: Browser) -> None:
    answer = browser.post("/tickets/new", FORM, follow=True)
    ticket = Ticket.objects.get()
    assert answer.request["PATH_INFO"] == f"/tickets/{ticket.number}/opened"
    assert f"#{ticket.number}" in answer.content.decode()
    assert (ticket.subject, ticket.requester, ticket.source) == (FORM["subject"], cast.cleo, Source.PORTAL)
    assert (ticket.category.slug if ticket.category else "", ticket.needed_by_on) == ("bug", date(2099, 11, 26))
    assert ticket.messages.get().text == "North points south."


def test_takes_the_editors_document_and_files_uploaded_before(cast: Cast, browser: Browser) -> None:
    file = cast.upload(cast.cleo.user)
    bold = {"type": "text", "text": "Bold", "marks": [{"type": "bold"}]}
    document = json.dumps({"type": "doc", "content": [{"type": "paragraph", "content": [bold]}]})
    browser.post("/tickets/new", FORM | {"document": document, "attachments": [file.public_id]})
    message = Message.objects.get()
    assert "<strong>Bold</strong>" in message.html
    assert [attachment.file for attachment in message.attachments.all()] == [file]


def test_takes_files_sent_along_without_scripts(browser: Browser) -> None:
    sent = BytesIO(b"a,b")
    sent.name = "list.csv"
    browser.post("/tickets/new", FORM | {"files": [sent]})
    assert Message.objects.get().attachments.get().file.name == "list.csv"


def test_opens_one_ticket_when_the_form_is_sent_twice(cast: Cast, browser: Browser) -> None:
    form = FORM | {"attachments": [cast.upload(cast.cleo.user).public_id]}
    first, second = browser.post("/tickets/new", form), browser.post("/tickets/new", form)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": " "}, "Give the ticket a subject"),
        ({"subject": "x" * 201}, "The subject is 201 characters long; 200 fit."),
        ({"text": "  "}, "Write a message or attach a file first."),
        ({"text": "x" * 100_001}, "100,001 characters long; 100,000 fit."),
        ({"document": "{"}, "The text could not be read."),
        ({"category": "nonsense"}, "Choose what it is about from the list."),
        ({"needed_by_on": "soon"}, "Choose the day from the calendar"),
        ({"needed_by_on": "2001-01-01"}, "That day is over."),
        ({"attachments": ["nobodys-upload-0000000"]}, "A file is no longer there."),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(browser: Browser, change: dict[str, str], words: str) -> None:
    form = FORM | change
    answer = browser.post("/tickets/new", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert not Ticket.objects.exists()
    assert form["subject"].strip() in page
    assert form["text"].strip() in page


def test_keeps_uploaded_files_when_something_else_is_wrong(cast: Cast, browser: Browser) -> None:
    file = cast.upload(cast.cleo.user, name="kept.png")
    sent = BytesIO(b"hi")
    sent.name = "sent-along.txt"
    answer = browser.post("/tickets/new", FORM | {"subject": "", "attachments": [file.public_id], "files": [sent]})
    page = answer.content.decode()
    assert "kept.png" in page
    assert "sent-along.txt" in page
    again = [file.public_id for file in File.objects.order_by("id")]
    browser.post("/tickets/new", FORM | {"attachments": again})
    assert Message.objects.get().attachments.count() == 2


def test_never_attaches_what_someone_else_uploaded(cast: Cast, browser: Browser) -> None:
    foreign = cast.upload(cast.eve.user, name="eves.png")
    answer = browser.post("/tickets/new", FORM | {"attachments": [foreign.public_id]})
    assert answer.status_code == 422
    assert "eves.png" not in answer.content.decode()
    foreign.refresh_from_db()
    assert foreign.claimed_at is None


def test_refuses_more_files_than_fit(cast: Cast, browser: Browser) -> None:
    files = [cast.upload(cast.cleo.user, name=f"{number}.png").public_id for number in range(21)]
    answer = browser.post("/tickets/new", FORM | {"attachments": files})
    assert answer.status_code == 422
    assert "20 files fit on one message." in answer.content.decode()


def test_refuses_a_file_over_the_limit(browser: Browser, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 3  # type: ignore[attr-defined]
    sent = BytesIO(b"four")
    sent.name = "big.bin"
    answer = browser.post("/tickets/new", FORM | {"files": [sent]})
    assert answer.status_code == 422
    assert "big.bin is larger than" in answer.content.decode()


def test_begins_with_the_draft_and_forgets_it_once_sent(cast: Cast, browser: Browser) -> None:
    place = DraftPlace(cast.cleo.user, None, Audience.CLIENT)
    file = cast.upload(cast.cleo.user, name="drafted.png")
    content = {"subject": "Half a thought", "text": "Begun", "category": "change", "attachments": [file.public_id]}
    save_draft(place=place, content=content, revision=7, act=act_by(cast.cleo.user))
    page = browser.get("/tickets/new").content.decode()
    for expected in ("Half a thought", "Begun", "drafted.png", 'data-draft-revision-value="7"'):
        assert expected in page
    browser.post("/tickets/new", FORM | {"draft_revision": "9"})
    assert Draft.objects.get().content == {}
    late = save_draft(place=place, content=content, revision=9, act=act_by(cast.cleo.user))
    assert late is False


def test_reads_a_day_as_the_desk_does(cast: Cast, browser: Browser) -> None:
    today = act_by(None).at.date()
    browser.post("/tickets/new", FORM | {"needed_by_on": (today + timedelta(days=36500)).strftime("%d/%m/%Y")})
    assert Ticket.objects.get().needed_by_on == today + timedelta(days=36500)


def test_someone_without_a_client_can_open_one_too(cast: Cast) -> None:
    from deskhand.clients.actions.people import create_contact

    lone = create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    answer = signed_in(lone.user).post("/tickets/new", FORM, follow=True)
    assert answer.status_code == 200
    assert Ticket.objects.get().client is None


def test_shows_by_when_an_answer_would_come(browser: Browser) -> None:
    assert "Sent now, a first answer by" in browser.get("/tickets/new").content.decode()


def test_opens_a_ticket_for_a_colleague_who_learns_of_it_by_mail(cast: Cast, browser: Browser) -> None:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)
    MailSettings.objects.update_or_create(pk=1, defaults={"acknowledges": True})
    browser.post("/tickets/new", FORM | {"requester": cast.dev.pk})
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.messages.get().author) == (cast.dev, cast.cleo.user)
    assert [row.contact for row in ticket.participants.all()] == [cast.cleo]
    assert Event.objects.get(kind="ticket.opened").actor_id == cast.cleo.user_id
    mail = OutboundMail.objects.get()
    assert mail.recipients_line == "dev@acme.example"
    assert ticket.first_responded_at is None
    assert "Waiting for news?" in signed_in(cast.dev.user).get(f"/tickets/{ticket.number}").content.decode()


@pytest.mark.parametrize("whom", ["dev", "eve", "cleo"])
def test_opens_a_ticket_for_nobody_without_the_right(cast: Cast, browser: Browser, whom: str) -> None:
    assert "Who is it for?" not in browser.get("/tickets/new").content.decode()
    answer = browser.post("/tickets/new", FORM | {"requester": getattr(cast, whom).pk})
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("whom", ["0", "x", "9" * 30])
def test_opens_a_ticket_for_nobody_else(cast: Cast, browser: Browser, whom: str) -> None:
    Contact.objects.filter(pk=cast.cleo.pk).update(is_client_admin=True)
    for requester in (whom, str(cast.eve.pk)):
        answer = browser.post("/tickets/new", FORM | {"requester": requester})
        assert answer.status_code == 422
        assert "Choose a colleague from the list, or you." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_asks_for_the_site_where_a_client_has_several(cast: Cast, browser: Browser) -> None:
    assert "Which site?" not in browser.get("/tickets/new").content.decode()
    start_plan(cast, site="shop.acme.example")
    text = browser.get("/tickets/new").content.decode()
    assert "Which site?" in text
    assert '<option value="shop.acme.example">' in text
    browser.post("/tickets/new", FORM | {"site": "shop.acme.example"})
    ticket = Ticket.objects.get()
    assert ticket.site == "shop.acme.example"
    assert "shop.acme.example" in browser.get(f"/tickets/{ticket.number}").content.decode()
    assert "shop.acme.example" in signed_in(cast.ben.user).get(f"/workspace/tickets/{ticket.number}").content.decode()


def test_a_site_of_somebody_else_is_refused(cast: Cast, browser: Browser) -> None:
    start_plan(cast, site="shop.acme.example")
    answer = browser.post("/tickets/new", FORM | {"site": "shop.other.example"})
    assert answer.status_code == 422
    assert "Choose a site from the list, or none." in answer.content.decode()
    assert not Ticket.objects.exists()
