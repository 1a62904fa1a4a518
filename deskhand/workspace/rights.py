"""What an agent may do, as templates ask for it."""

from dataclasses import dataclass

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission


@dataclass(frozen=True)
class Rights:
    """One flag for each thing a page offers or leaves out. The routes check again."""

    reply: bool
    write_to_team: bool
    note: bool
    assign: bool
    change: bool
    create: bool
    view_clients: bool
    contact_details: bool

    @classmethod
    def of(cls, agent: Agent) -> "Rights":
        """Return what the agent's role grants."""
        return cls(
            reply=agent.may(Permission.TICKETS_REPLY),
            write_to_team=agent.may(Permission.TICKETS_TEAM_MESSAGE),
            note=agent.may(Permission.TICKETS_NOTE),
            assign=agent.may(Permission.TICKETS_ASSIGN),
            change=agent.may(Permission.TICKETS_CHANGE),
            create=agent.may(Permission.TICKETS_CREATE),
            view_clients=agent.may(Permission.CLIENTS_VIEW),
            contact_details=agent.may(Permission.CLIENTS_CONTACT_DETAILS),
        )
