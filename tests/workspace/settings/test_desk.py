"""General settings, those of tickets, and the list of sections."""

import pytest

from deskhand.accounts.actions.agents import set_role
from deskhand.accounts.models import Desk, Role
from deskhand.tickets.models import TicketSettings
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in

GENERAL, TICKETS = "/workspace/settings/general", "/workspace/settings/tickets"


def test_renames_the_desk_on_every_page(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    browser.post(GENERAL, {"name": "Harbour & Pine", "phone": "020", "opening_words": "We answer."})
    assert Desk.current().phone == "020"
    assert "Harbour &amp; Pine" in signed_in(cast.cleo.user).get("/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Give the desk a name."),
        ({"name": "x" * 81}, "81 characters long; 80 fit"),
        ({"phone": "x" * 41}, "40 fit"),
        ({"opening_words": "x" * 301}, "300 fit"),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(cast: Cast, fields: dict[str, str], words: str) -> None:
    given = {"name": "New", "phone": "1", "opening_words": "Hello."} | fields
    answer = signed_in(cast.ada.user).post(GENERAL, given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["opening_words"] in answer.content.decode()
    assert Desk.current().name == "Deskhand"


def test_sets_what_a_reply_does(cast: Cast) -> None:
    sent = {"after_reply": "close", "reopen_within_days": "0", "rating": "mail", "rating_days": "7"}
    signed_in(cast.ada.user).post(TICKETS, sent)
    now = TicketSettings.current()
    assert (now.after_reply, now.reopen_within_days, now.rating, now.rating_days) == ("close", 0, "mail", 7)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"after_reply": "explode"}, "Choose one from the list."),
        ({"reopen_within_days": ""}, "Enter a number of days"),
        ({"reopen_within_days": "soon"}, "Enter a whole number of days"),
        ({"reopen_within_days": "-1"}, "Enter 0 or more days."),
        ({"reopen_within_days": "99999"}, "Enter at most 3650 days"),
        ({"rating": "always"}, "Choose one from the list."),
        ({"rating_days": "0"}, "Enter 1 or more days."),
        ({"rating_days": "366"}, "Enter at most 365 days."),
    ],
)
def test_refuses_what_tickets_cannot_do(cast: Cast, fields: dict[str, str], words: str) -> None:
    sent = {"after_reply": "close", "reopen_within_days": "3", "rating": "off", "rating_days": "7"} | fields
    answer = signed_in(cast.ada.user).post(TICKETS, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TicketSettings.objects.exists()


def test_shows_a_manager_the_mail_log_alone(cast: Cast) -> None:
    set_role(agent_id=cast.ben.pk, role=Role.objects.get(slug="manager"), act=act_by(cast.ada.user))
    browser = signed_in(cast.ben.user)
    page = browser.get("/workspace/settings").content.decode()
    assert "Mail log" in page
    assert "Statuses" not in page
    assert browser.get("/workspace/settings/mail").status_code == 200
    assert browser.get(GENERAL).status_code == 403


def test_leads_there_only_whoever_may_go(cast: Cast) -> None:
    for agent, leads in ((cast.ada, True), (cast.ben, False), (cast.kit, False)):
        page = signed_in(agent.user).get("/workspace/profile").content.decode()
        assert ('href="/workspace/settings"' in page) is leads
        assert ('href="/workspace/clients"' in page) is (agent is not cast.kit)
        assert ('href="/workspace/tickets/new"' in page) is (agent is not cast.kit)
