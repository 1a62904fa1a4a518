"""Teams and who is in them."""

from collections.abc import Iterable

from django.db import transaction

from deskhand.accounts.events import TeamCreated, TeamMembersChanged, TeamRenamed
from deskhand.accounts.models import Agent, Team
from deskhand.core.changes import joining_and_leaving
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record


class TeamNameTaken(ValueError):
    """Another team has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There already is a team called “{name}”.")


@transaction.atomic
def create_team(*, name: str, act: Act) -> Team:
    """Make an empty team. Raises TeamNameTaken."""
    flat = one_line(name)
    with unless_taken("team_name_unique", TeamNameTaken(flat)):
        team = Team.objects.create(name=flat)
    record(TeamCreated(subject_id=team.pk, name=flat), act=act)
    return team


@transaction.atomic
def rename_team(*, team_id: int, name: str, act: Act) -> None:
    """Give a team another name. Raises TeamNameTaken."""
    team = Team.objects.select_for_update().get(pk=team_id)
    flat = one_line(name)
    if team.name == flat:
        return
    fact = TeamRenamed(subject_id=team.pk, old=team.name, new=flat)
    team.name = flat
    with unless_taken("team_name_unique", TeamNameTaken(flat)):
        team.save(update_fields=["name"])
    record(fact, act=act)


@transaction.atomic
def set_members(*, team_id: int, agents: Iterable[Agent], act: Act) -> None:
    """Make exactly these agents the team."""
    team = Team.objects.select_for_update().get(pk=team_id)
    added, removed = joining_and_leaving(agents, team.members.select_related("user"))
    if not added and not removed:
        return
    team.members.add(*added)
    team.members.remove(*removed)
    fact = TeamMembersChanged(
        subject_id=team.pk,
        added_ids=[agent.pk for agent in added],
        removed_ids=[agent.pk for agent in removed],
        added_names=[agent.name for agent in added],
        removed_names=[agent.name for agent in removed],
    )
    record(fact, act=act)
