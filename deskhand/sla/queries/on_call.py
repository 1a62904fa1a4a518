"""Who is on call, and which alerts wait for someone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Q, QuerySet

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.sla.models import Alert, OnCall
from deskhand.tickets.models import Ticket


def on_call_agents() -> list[Agent]:
    """Return the agents on call, by name."""
    return list(Agent.objects.active().filter(pk__in=OnCall.objects.values("agent")))


def agents_to_alert() -> list[Agent]:
    """Return whom to alert: the agents on call, or, where nobody is, everyone who may manage the desk's settings."""
    managing = Agent.objects.active().filter(role__permissions__contains=[Permission.SETTINGS_MANAGE.value])
    return on_call_agents() or list(managing)


@dataclass(frozen=True)
class OpenAlert:
    """A business critical ticket that nobody took on yet."""

    ticket_id: int
    number: int
    subject: str
    client_name: str
    raised_at: datetime
    raised_count: int
    repeat_at: datetime


def alerts_of(agent: Agent) -> QuerySet[Alert]:
    """Keep the alerts nobody answered that concern this agent, see `agents_to_alert`, of tickets they may see.

    The oldest first.
    """
    on_call = OnCall.objects.filter(agent__user__is_active=True)
    concerned = Q(Exists(on_call.filter(agent=agent)))
    if agent.may(Permission.SETTINGS_MANAGE):
        concerned |= ~Q(Exists(on_call))
    return Alert.objects.unanswered().filter(concerned, ticket__in=Ticket.objects.visible_to(agent))


def own_alerts(agent: Agent) -> list[OpenAlert]:
    """Return what `alerts_of` keeps, for pages. One query."""
    return [
        OpenAlert(
            ticket_id=alert.ticket_id,
            number=alert.ticket.number,
            subject=alert.ticket.subject,
            client_name=alert.ticket.client.name if alert.ticket.client else "",
            raised_at=alert.raised_at,
            raised_count=alert.raised_count,
            repeat_at=alert.repeat_at,
        )
        for alert in alerts_of(agent).select_related("ticket__client")
    ]
