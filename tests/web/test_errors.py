import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import RequestFactory

from deskhand.project import errors
from deskhand.tickets.models import Message
from tests.cast import Cast
from tests.web.visitors import signed_in


def test_what_is_not_there_is_said_as_what_is_not_yours(cast: Cast) -> None:
    browser = signed_in(cast.eve.user)
    nowhere, foreign = browser.get("/nowhere"), browser.get(f"/tickets/{cast.ticket().number}")
    assert nowhere.status_code == foreign.status_code == 404
    assert nowhere.content == foreign.content
    assert "We cannot find that page or you do not have access to it." in nowhere.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda request: errors.bad_request(request, ValueError()), 400, "load the page again"),
        (lambda request: errors.permission_denied(request, ValueError()), 403, "Ask an admin"),
        (errors.csrf_failure, 403, "your text is kept there"),
        (errors.server_error, 500, "It is reported as E-"),
        (errors.database_away, 503, "Nothing you typed was sent."),
    ],
)
def test_every_error_page_needs_neither_database_nor_session(answer: object, status: int, words: str) -> None:
    # No `db` fixture: any query would fail the test. The request has no user and no session.
    request: HttpRequest = RequestFactory().get("/anything")
    response = answer(request)  # type: ignore[operator]
    assert response.status_code == status
    assert words in response.content.decode()
    assert "<!doctype html>" in response.content.decode()


def test_a_lost_database_is_said_in_words(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(committed_cast.cleo.user)
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        answers = [browser.get("/"), browser.post("/tickets/new", {"subject": "x"}), browser.get("/readyz")]
        connection.close()
    for answer in answers:
        assert answer.status_code == 503
        assert answer["Retry-After"] == "30"
        assert "The desk cannot reach its database just now." in answer.content.decode()
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/tickets/{}/messages", {"text": "Hi", "idempotency_key": "\x00"}),
        ("/tickets/{}/messages", {"text": "Hi", "attachments": "\x00"}),
        ("/tickets/{}/messages/%00/body", None),
        ("/files/%00", None),
    ],
)
def test_an_id_that_no_database_holds_is_a_bad_request(cast: Cast, path: str, sent: dict[str, str] | None) -> None:
    address, browser = path.format(cast.ticket().number), signed_in(cast.cleo.user)
    answer = browser.get(address) if sent is None else browser.post(address, sent)
    assert answer.status_code == 400
    assert not Message.objects.filter(text="Hi").exists()


def test_every_page_has_the_content_policy(db: None) -> None:
    answer = Browser().get("/sign-in")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
