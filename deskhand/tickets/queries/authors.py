"""Who wrote in a thread."""

from deskhand.accounts.models import Agent
from deskhand.tickets.models import Message
from deskhand.tickets.models.team import TeamMessage


def others_wrote(ticket_id: int, agent: Agent, *, after: int) -> bool:
    """Return whether anyone but the agent wrote an entry after position `after`, to clients or the team. One query."""
    messages, team = (
        model.objects.filter(ticket=ticket_id, position__gt=after).exclude(author=agent.user_id).values("position")
        for model in (Message, TeamMessage)
    )
    return messages.union(team, all=True).exists()
