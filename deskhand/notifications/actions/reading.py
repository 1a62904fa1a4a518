"""Marking notices as read. Doing so twice changes nothing."""

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.events import Act
from deskhand.notifications.actions.telling import announce_to
from deskhand.notifications.models import Notification
from deskhand.notifications.models.notices import NotificationQuerySet


@transaction.atomic(savepoint=False)
def read_ticket(*, agent: Agent, ticket_id: int, act: Act) -> None:
    """Mark what an agent was told of a ticket: they look at it. One statement, and another where there was any."""
    _read(Notification.objects.filter(agent=agent, ticket=ticket_id), agent, act)


@transaction.atomic
def read_one(*, agent: Agent, notification_id: int, act: Act) -> None:
    """Mark one notice of an agent; somebody else's is left alone."""
    _read(Notification.objects.filter(agent=agent, pk=notification_id), agent, act)


@transaction.atomic
def read_all(*, agent: Agent, up_to: int, act: Act) -> None:
    """Mark an agent's notices up to the newest one they saw, by its id."""
    _read(Notification.objects.filter(agent=agent, pk__lte=up_to), agent, act)


def _read(notices: NotificationQuerySet, agent: Agent, act: Act) -> None:
    if notices.unread().update(read_at=act.at):
        announce_to(agent.pk)
