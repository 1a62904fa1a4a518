import pytest
from django.test import Client as Browser

from deskhand.tickets.models import Audience, Draft
from tests.cast import Cast
from tests.web.visitors import signed_in

JSON = "application/json"


def save(browser: Browser, path: str, **sent: object) -> int:
    return browser.post(path, sent, content_type=JSON).status_code


def test_keeps_what_is_being_written(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user)
    save(browser, "/drafts", subject="Half", text="a thought", revision=1)
    draft = Draft.objects.get()
    assert (draft.author, draft.ticket, draft.audience) == (cast.cleo.user, None, Audience.CLIENT)
    assert draft.content == {"subject": "Half", "text": "a thought"}


def test_drops_a_save_that_comes_late(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user)
    save(browser, "/drafts", text="newer", revision=5)
    assert browser.post("/drafts", {"text": "older", "revision": 4}, content_type=JSON).json() == {"saved": False}
    assert Draft.objects.get().content == {"text": "newer"}


def test_a_discarded_draft_does_not_come_back(cast: Cast) -> None:
    browser, path = signed_in(cast.cleo.user), f"/drafts/{cast.ticket().number}/client"
    save(browser, path, text="no", revision=5)
    browser.delete(path, {"revision": 6}, content_type=JSON)
    save(browser, path, text="no", revision=6)
    assert Draft.objects.get().content == {}


def test_everyone_has_their_own(cast: Cast) -> None:
    path = f"/drafts/{cast.ticket().number}/client"
    for contact in (cast.cleo, cast.dev):
        save(signed_in(contact.user), path, text=f"By {contact.name}", revision=1)
    assert Draft.objects.count() == 2
    assert "By Dev Das" not in signed_in(cast.cleo.user).get(path.replace("drafts", "tickets")[:-7]).content.decode()


@pytest.mark.parametrize("audience", ["team", "everyone"])
def test_contacts_have_no_drafts_for_the_team(cast: Cast, audience: str) -> None:
    assert save(signed_in(cast.cleo.user), f"/drafts/{cast.ticket().number}/{audience}", text="x") == 404
    assert not Draft.objects.exists()


def test_nobody_drafts_on_a_ticket_they_do_not_see(cast: Cast) -> None:
    assert save(signed_in(cast.eve.user), f"/drafts/{cast.ticket().number}/client", text="x") == 404


def test_keeps_nothing_but_the_fields_of_the_form(cast: Cast) -> None:
    save(signed_in(cast.cleo.user), "/drafts", text="x", csrfmiddlewaretoken="t", is_admin="1", revision=1)
    assert Draft.objects.get().content == {"text": "x"}


NO_DRAFTS = ["{", "[]", "null", '"x"', "[" * 100_000]
NO_TEXTS = ["true", "7", "null", '{"a": "b"}', "[1]", '[["x"]]', "[" * 600 + "]" * 600]
NO_REVISIONS = ['"1"', "1.5", "true", "-1", "99999999999999999999"]


@pytest.mark.parametrize("value", NO_TEXTS)
def test_refuses_what_no_form_of_ours_holds(cast: Cast, value: str) -> None:
    browser = signed_in(cast.cleo.user)
    assert browser.post("/drafts", f'{{"attachments": {value}}}', content_type=JSON).status_code == 400
    assert browser.get("/tickets/new").status_code == 200


@pytest.mark.parametrize("sent", NO_DRAFTS + [f'{{"revision": {revision}}}' for revision in NO_REVISIONS])
def test_refuses_what_is_no_draft(cast: Cast, sent: str) -> None:
    answer = signed_in(cast.cleo.user).post("/drafts", sent, content_type=JSON)
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_says_when_a_draft_is_too_long_to_keep(cast: Cast) -> None:
    assert save(signed_in(cast.cleo.user), "/drafts", text="x" * 500_000, revision=1) == 413


def test_someone_signed_out_is_told_that_the_text_is_kept(db: None) -> None:
    answer = Browser().post("/drafts", {}, content_type=JSON, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert "your text is kept here" in answer.content.decode()
