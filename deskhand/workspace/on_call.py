"""Whom the banner about business critical tickets concerns."""

from deskhand.accounts.models import Agent
from deskhand.sla.queries.on_call import OpenAlert, agents_to_alert, open_alerts


def alerts_for(agent: Agent) -> list[OpenAlert]:
    """Return the alerts nobody took on, for an agent who is alerted; none for the others. One query, three at most."""
    alerts = open_alerts(agent)
    return alerts if alerts and agent in agents_to_alert() else []
