import pytest
from django.conf import LazySettings
from django.test import Client as Browser

from deskhand.accounts.addresses import base_for
from deskhand.project import env
from tests.cast import Cast
from tests.web.visitors import signed_in

DESK, PORTAL = "https://desk.example.com", "https://help.example.com"


@pytest.fixture(autouse=True)
def two_hosts(settings: LazySettings) -> None:
    settings.BASE_URL, settings.PORTAL_URL = DESK, PORTAL
    settings.ALLOWED_HOSTS = ["desk.example.com", "help.example.com"]
    settings.CSRF_TRUSTED_ORIGINS = [DESK, PORTAL]


def test_clients_are_served_at_both_hosts(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user)
    for host in ("help.example.com", "help.example.com:8443", "desk.example.com"):
        assert browser.get("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/workspace/", "/workspace", "/workspace/tickets/1?tab=history"])
def test_the_workspace_is_at_the_desks_own_host_alone(cast: Cast, path: str) -> None:
    browser = signed_in(cast.ada.user)
    answer = browser.get(path, headers={"Host": "help.example.com"})
    assert (answer.status_code, answer["Location"]) == (302, f"{DESK}{path}")
    assert browser.post(path, headers={"Host": "help.example.com"}).status_code == 404
    assert browser.get("/workspace/clients", headers={"Host": "desk.example.com"}).status_code == 200


def test_no_other_host_is_answered(cast: Cast) -> None:
    browser = signed_in(cast.cleo.user)
    for host in ("evil.example", "help.example.com.evil.example", "help.example.com@evil.example", ""):
        assert browser.get("/help", headers={"Host": host}).status_code == 400
        assert browser.get("/workspace/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(("origin", "status"), [(PORTAL, 302), (DESK, 302), ("https://evil.example", 403)])
def test_forms_of_both_hosts_are_taken(cast: Cast, origin: str, status: int) -> None:
    browser = signed_in(cast.cleo.user, enforce_csrf_checks=True)
    host = {"Host": "help.example.com"}
    browser.get("/details", headers=host, secure=True)
    given = {"name": "Cleo C", "theme": "dark", "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    answer = browser.post("/details", given, headers=host | {"Origin": origin}, secure=True)
    assert answer.status_code == status


def test_each_person_gets_links_to_their_own_host(cast: Cast) -> None:
    assert base_for(cast.cleo.user) == PORTAL
    assert base_for(cast.ada.user) == DESK


@pytest.mark.parametrize(
    ("portal", "complaint"),
    [
        ("http://help.example.com", "begin it with https:// as DESKHAND_URL"),
        ("https://desk.example.com:8443", "give it a host other than that"),
        ("help.example.com", "begin it with https://"),
    ],
)
def test_an_address_that_cannot_work_stops_the_start(
    portal: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PORTAL_URL", portal)
    with pytest.raises(env.ConfigurationError, match="DESKHAND_PORTAL_URL.*" + complaint):
        env.portal_url(DESK)


def test_unset_it_is_the_desks_own(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, cast: Cast) -> None:
    monkeypatch.delenv("DESKHAND_PORTAL_URL", raising=False)
    assert env.portal_url(DESK) == DESK
    settings.PORTAL_URL = DESK
    assert signed_in(cast.ada.user).get("/workspace/clients", headers={"Host": "desk.example.com"}).status_code == 200


def test_an_agent_who_opens_a_clients_page_is_sent_to_the_same_ticket(cast: Cast, settings: LazySettings) -> None:
    settings.PORTAL_URL = DESK
    number, host = cast.ticket().number, {"Host": "desk.example.com"}
    browser: Browser = signed_in(cast.ben.user)
    assert browser.get(f"/tickets/{number}", headers=host)["Location"] == f"/workspace/tickets/{number}"
    assert browser.get("/files", headers=host)["Location"] == "/workspace/inbox"
    answer = signed_in(cast.kit.user).get(f"/tickets/{number}", headers=host, follow=True)
    assert answer.status_code == 404
