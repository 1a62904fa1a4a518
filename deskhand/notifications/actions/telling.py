"""Telling agents of what happened: one row each, shown under the bell and mailed a little later."""

from datetime import datetime, timedelta

from django.db import transaction

from deskhand.events.live import announce
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Notification
from deskhand.notifications.queries.recipients import recipients_of
from deskhand.notifications.topics import URGENT

GATHER = timedelta(minutes=2)
"""How long a notice waits for others about the same ticket, to go out in one mail with them."""


@transaction.atomic
def tell(happening: Happening, *, now: datetime) -> list[int]:
    """Write a notice for everyone whom it concerns; returns the ids of these agents. Telling twice changes nothing."""
    told = recipients_of(happening)
    mail_due_at = now if happening.topic in URGENT else now + GATHER
    Notification.objects.bulk_create(
        (
            Notification(
                agent=agent,
                topic=happening.topic,
                ticket_id=happening.ticket_id,
                plan_id=happening.plan_id,
                about_id=happening.about_id,
                actor_id=happening.actor_id,
                figures=dict(happening.figures),
                happened_at=happening.at,
                is_in_app=channels.in_app,
                mail_due_at=mail_due_at if channels.by_mail else None,
            )
            for agent, channels in told
        ),
        ignore_conflicts=True,
    )
    for agent, _ in told:
        announce_to(agent.pk)
    return [agent.pk for agent, _ in told]


def announce_to(agent_id: int) -> None:
    """Tell an agent's open pages that the bell shows something else."""
    announce(kind="notifications", subject_kind="agent", subject_id=agent_id, client_visible=False)
