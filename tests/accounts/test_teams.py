import pytest
from django.db import IntegrityError, transaction

from deskhand.accounts.actions.teams import TeamNameTaken, create_team, rename_team, set_members
from deskhand.accounts.models import Team
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def test_a_team_is_made_and_renamed(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    team = create_team(name=" Web \n team ", act=act)
    rename_team(team_id=team.pk, name="Web", act=act)
    rename_team(team_id=team.pk, name="Web", act=act)
    assert Event.objects.get(kind="team.renamed").data == {"old": "Web team", "new": "Web"}


def test_two_teams_cannot_have_one_name(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    create_team(name="Web", act=act)
    other = create_team(name="Hosting", act=act)
    with pytest.raises(TeamNameTaken):
        create_team(name="WEB", act=act)
    with pytest.raises(TeamNameTaken):
        rename_team(team_id=other.pk, name="web", act=act)
    assert Team.objects.filter(name="Hosting").exists()


def test_members_become_exactly_those_named(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    team = create_team(name="Web", act=act)
    set_members(team_id=team.pk, agents=[cast.ben, cast.kit], act=act)
    set_members(team_id=team.pk, agents=[cast.ben], act=act)
    set_members(team_id=team.pk, agents=[cast.ben], act=act)
    assert list(team.members.all()) == [cast.ben]
    last = Event.objects.filter(kind="team.members_changed").order_by("-id")
    assert last.count() == 2
    assert last[0].data["removed_names"] == ["Kit Carr"]


def test_a_team_has_a_name(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(name="")
