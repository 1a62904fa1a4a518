"""Agents, roles and teams."""

from typing import Any

import pytest

from deskhand.accounts.actions.people import create_agent
from deskhand.accounts.actions.teams import create_team, set_members
from deskhand.accounts.models import Agent, SignInLink, Team, User
from deskhand.mail.models import OutboundMail
from tests.cast import Cast, act_by
from tests.web.visitors import signed_in
from tests.workspace.counting import queries_of

AGENTS, TEAMS = "/workspace/settings/agents", "/workspace/settings/teams"
ZOE = {"name": "Zoe Zander", "email": "zoe@desk.example", "role": "agent", "title": "Designer", "phone": ""}


def post(cast: Cast, path: str, **fields: Any) -> Any:
    return signed_in(cast.ada.user).post(path, fields)


def test_adds_an_agent_and_sends_them_a_link(cast: Cast) -> None:
    assert post(cast, f"{AGENTS}/new", **ZOE)["Location"] == AGENTS
    zoe = Agent.objects.get(user__email="zoe@desk.example")
    assert (zoe.role.slug, zoe.title) == ("agent", "Designer")
    assert SignInLink.objects.get(user=zoe.user).next_path == "/workspace/inbox"
    assert OutboundMail.objects.get().is_secret


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"email": ""}, "Enter an e-mail address."),
        ({"email": "zoe"}, "does not look like an e-mail address"),
        ({"email": "BEN@desk.example"}, "ben@desk.example already belongs to someone."),
        ({"email": "cleo@acme.example"}, "cleo@acme.example already belongs to someone."),
        ({"role": "king"}, "Choose one from the list."),
        ({"role": ""}, "Choose a role."),
        ({"title": "x" * 121}, "120 fit"),
    ],
)
def test_says_what_is_wrong_with_a_new_agent(cast: Cast, fields: dict[str, str], words: str) -> None:
    answer = post(cast, f"{AGENTS}/new", **(ZOE | fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert (ZOE | fields)["title"] in page
    assert Agent.objects.count() == 3


def test_changes_an_agent(cast: Cast) -> None:
    post(cast, f"{AGENTS}/{cast.ben.pk}", name="Ben B", title="Lead", phone="1")
    ben = Agent.objects.select_related("user").get(pk=cast.ben.pk)
    assert (ben.name, ben.title, ben.phone) == ("Ben B", "Lead", "1")
    assert post(cast, f"{AGENTS}/{cast.ben.pk}", name="").status_code == 422


def test_gives_another_role_but_never_takes_the_last_admins(cast: Cast) -> None:
    post(cast, f"{AGENTS}/{cast.ben.pk}/role", role="contractor")
    assert Agent.objects.get(pk=cast.ben.pk).role.slug == "contractor"
    answer = post(cast, f"{AGENTS}/{cast.ada.pk}/role", role="agent")
    assert answer.status_code == 422
    assert "last person who may change the settings" in answer.content.decode()
    assert post(cast, f"{AGENTS}/{cast.ben.pk}/role", role="king").status_code == 422


def test_deactivating_signs_out_at_once(cast: Cast) -> None:
    browser = signed_in(cast.ben.user)
    assert browser.get("/workspace/profile").status_code == 200
    post(cast, f"{AGENTS}/{cast.ben.pk}/activity", is_active="off")
    assert browser.get("/workspace/profile").status_code == 302
    post(cast, f"{AGENTS}/{cast.ben.pk}/activity", is_active="on")
    assert User.objects.get(pk=cast.ben.user_id).is_active


def test_nobody_deactivates_themselves(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    answer = browser.post(f"{AGENTS}/{cast.ada.pk}/activity", {"is_active": "off"}, follow=True)
    assert "cannot deactivate yourself" in answer.content.decode()
    assert "Deactivate" not in browser.get(f"{AGENTS}/{cast.ada.pk}").content.decode()
    assert User.objects.get(pk=cast.ada.user_id).is_active


def test_sends_a_link_to_those_who_work_here(cast: Cast) -> None:
    browser, address = signed_in(cast.ada.user), f"{AGENTS}/{cast.ben.pk}/sign-in-link"
    assert "is on its way" in browser.post(address, follow=True).content.decode()
    User.objects.filter(pk=cast.ben.user_id).update(is_active=False)
    assert "does not work here" in browser.post(address, follow=True).content.decode()
    for _ in range(5):
        last = browser.post(address, follow=True).content.decode()
    assert "too often" in last


def test_takes_as_many_queries_for_many_people_as_for_few(cast: Cast) -> None:
    browser = signed_in(cast.ada.user)
    set_members(team_id=create_team(name="Web", act=act_by(None)).pk, agents=[cast.ben], act=act_by(None))
    few = [queries_of(browser, path) for path in (AGENTS, TEAMS)]
    for number in range(30):
        agent = create_agent(email=f"a{number}@desk.example", name="A", role_slug="agent", act=act_by(None))
        set_members(team_id=create_team(name=f"T{number}", act=act_by(None)).pk, agents=[agent], act=act_by(None))
    assert [queries_of(browser, path) for path in (AGENTS, TEAMS)] == few


def test_adds_a_team_and_chooses_who_is_in_it(cast: Cast) -> None:
    answer = post(cast, TEAMS, name="Web")
    team = Team.objects.get()
    assert answer["Location"] == f"{TEAMS}/{team.pk}"
    post(cast, f"{TEAMS}/{team.pk}/members", members=[cast.ben.pk, cast.kit.pk])
    assert set(team.members.all()) == {cast.ben, cast.kit}
    assert "Ben Baker, Kit Carr" in signed_in(cast.ada.user).get(TEAMS).content.decode()


def test_keeps_someone_who_left_in_the_team(cast: Cast) -> None:
    team = create_team(name="Web", act=act_by(None))
    set_members(team_id=team.pk, agents=[cast.ben, cast.kit], act=act_by(None))
    User.objects.filter(pk=cast.kit.user_id).update(is_active=False)
    post(cast, f"{TEAMS}/{team.pk}/members", members=[cast.ada.pk])
    assert set(team.members.all()) == {cast.ada, cast.kit}


def test_renames_a_team(cast: Cast) -> None:
    team, _ = create_team(name="Web", act=act_by(None)), create_team(name="Hosting", act=act_by(None))
    for name, words in [("", "Give the team a name."), ("HOSTING", "There already is a team"), ("x" * 81, "80 fit")]:
        for address in (TEAMS, f"{TEAMS}/{team.pk}"):
            answer = post(cast, address, name=name)
            assert answer.status_code == 422
            assert words in answer.content.decode()
    assert post(cast, f"{TEAMS}/{team.pk}", name="Websites").status_code == 302
    assert Team.objects.filter(name="Websites").exists()


@pytest.mark.parametrize("members", [["999999"], ["x"], ["9" * 40]])
def test_refuses_members_who_do_not_work_here(cast: Cast, members: list[str]) -> None:
    team = create_team(name="Web", act=act_by(None))
    assert post(cast, f"{TEAMS}/{team.pk}/members", members=members).status_code == 422
