"""Who works here, as the settings list them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from deskhand.accounts.models import Agent, Role, Team
from deskhand.accounts.roles import Permission, Visibility


@dataclass(frozen=True)
class AgentRow:
    """An agent in the list."""

    id: int
    name: str
    email: str
    title: str
    role: str
    teams: tuple[str, ...]
    is_active: bool
    last_sign_in_at: datetime | None
    picture: str


@dataclass(frozen=True)
class TeamRow:
    """A team with the names of its members."""

    id: int
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class RoleRow:
    """A role: what it sees, what it may do, and how many active agents have it."""

    name: str
    visibility: str
    permissions: tuple[str, ...]
    agent_count: int


def list_agents() -> list[AgentRow]:
    """Return everyone who works or worked here, by name, those who left last. Three queries."""
    teams: defaultdict[int, list[str]] = defaultdict(list)
    for team in Team.objects.order_by("name").prefetch_related("members"):
        for member in team.members.all():
            teams[member.pk].append(team.name)
    agents = Agent.objects.select_related("user", "role")
    return [
        AgentRow(
            id=agent.pk,
            name=agent.name,
            email=agent.user.email,
            title=agent.title,
            role=agent.role.name,
            teams=tuple(teams[agent.pk]),
            is_active=agent.user.is_active,
            last_sign_in_at=agent.user.last_login,
            picture=agent.user.picture_key,
        )
        for agent in agents.order_by("-user__is_active", "user__name", "pk")
    ]


def list_teams() -> list[TeamRow]:
    """Return the teams by name, with their active members. Two queries."""
    teams = Team.objects.prefetch_related("members__user").order_by("name")
    return [
        TeamRow(
            id=team.pk,
            name=team.name,
            members=tuple(sorted(agent.name for agent in team.members.all() if agent.user.is_active)),
        )
        for team in teams
    ]


def list_roles() -> list[RoleRow]:
    """Return the roles in the order they were made. Two queries."""
    counts = Counter(Agent.objects.filter(user__is_active=True).values_list("role", flat=True))
    return [
        RoleRow(
            name=role.name,
            visibility=Visibility(role.visibility).label,
            permissions=tuple(right.label for right in Permission if role.grants(right)),
            agent_count=counts[role.pk],
        )
        for role in Role.objects.order_by("pk")
    ]
