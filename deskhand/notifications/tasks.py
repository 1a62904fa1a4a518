"""Jobs of notifications: each calls one action, and may run twice."""

from datetime import UTC, datetime
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskhand.mail.deferring import Urgency, defer_once
from deskhand.notifications.actions.alerting_clients import alert_contacts
from deskhand.notifications.actions.mailing import mail_notices, waiting_bundles
from deskhand.notifications.actions.telling import tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.topics import URGENT

RETRY = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.task(name="notifications.tell", retry=RETRY)
def tell_agents(**arguments: Any) -> None:
    """Write the notices about something that happened; urgent ones are mailed at once."""
    happening = Happening.from_arguments(arguments)
    told = tell(happening, now=datetime.now(UTC))
    if happening.topic in URGENT:
        for agent_id in told:
            _defer_mail(agent_id, happening.ticket_id, happening.plan_id)


@app.task(name="notifications.mail", retry=RETRY, priority=Urgency.OUTGOING)
def mail_bundle(agent_id: int, ticket_id: int = 0, plan_id: int = 0) -> None:
    """Mail one agent what waits about one ticket or plan; 0 stands for none."""
    mail_notices(agent_id=agent_id, ticket_id=ticket_id or None, plan_id=plan_id or None, now=datetime.now(UTC))


@app.task(name="notifications.alert_contacts", retry=RETRY, priority=Urgency.OUTGOING)
def alert_clients(*, plan_id: int, percent: int, used_minutes: int, allowance_minutes: int, happened_at: str) -> None:
    """Mail a client's chosen contacts that an allowance runs out."""
    alert_contacts(
        plan_id=plan_id,
        percent=percent,
        used_minutes=used_minutes,
        allowance_minutes=allowance_minutes,
        happened_at=datetime.fromisoformat(happened_at),
        now=datetime.now(UTC),
    )


@app.task(name="notifications.sweep", queueing_lock="notifications.sweep")
def sweep_notices(timestamp: int) -> None:
    """Mail what has waited for others long enough, and what a killed worker left behind. Periodic."""
    for agent_id, ticket_id, plan_id in waiting_bundles(now=datetime.fromtimestamp(timestamp, UTC)):
        _defer_mail(agent_id, ticket_id, plan_id)


def defer_telling(happening: Happening) -> None:
    """Defer telling of something. It commits or rolls back with what happened."""
    urgency = Urgency.ALERT if happening.topic in URGENT else 0
    tell_agents.configure(priority=urgency).defer(**happening.as_arguments())


def _defer_mail(agent_id: int, ticket_id: int | None, plan_id: int | None) -> None:
    key = f"notices:{agent_id}:{ticket_id or 0}:{plan_id or 0}"
    ids = {"agent_id": agent_id, "ticket_id": ticket_id or 0, "plan_id": plan_id or 0}
    defer_once(mail_bundle, lock=key, queueing_lock=key, **ids)
