"""Which agents see a ticket: for mentions, which give access."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Visibility
from deskhand.tickets.models import Ticket

OFFERED = 8


@dataclass(frozen=True)
class Mentionable:
    """An agent who can be mentioned."""

    id: int
    name: str
    title: str
    sees_ticket: bool


def mentionable(ticket_id: int, *, name: str, without: Agent) -> list[Mentionable]:
    """Return up to eight active agents with a part of their name beginning with `name`."""
    agents = Agent.objects.active().exclude(pk=without.pk)
    if name.strip():
        agents = agents.filter(Q(user__name__istartswith=name.strip()) | Q(user__name__icontains=f" {name.strip()}"))
    offered = list(agents[:OFFERED])
    blind = {agent.pk for agent in without_access(ticket_id, offered)}
    return [Mentionable(agent.pk, agent.name, agent.title, agent.pk not in blind) for agent in offered]


def without_access(ticket_id: int, agents: Sequence[Agent]) -> list[Agent]:
    """Return those of the agents who may not see the ticket. One query for each whose role does not see all."""
    narrow = [agent for agent in agents if agent.role.visibility != Visibility.ALL]
    return [agent for agent in narrow if not Ticket.objects.visible_to(agent).filter(pk=ticket_id).exists()]


def strangers_among(ticket_id: int, agent_ids: Sequence[int]) -> list[Agent]:
    """Return the active agents of these ids who may not see the ticket, by name."""
    return without_access(ticket_id, list(Agent.objects.active().filter(pk__in=agent_ids)))
