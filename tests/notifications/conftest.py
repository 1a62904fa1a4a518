"""What tests of notifications share: telling and mailing as the workers would, at a time of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.accounts.models import Agent
from deskhand.mail.models import Mailbox, OutboundKind, OutboundMail
from deskhand.notifications.actions.mailing import mail_notices, waiting_bundles
from deskhand.notifications.actions.telling import GATHER, tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Notification
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.models import Ticket
from tests.cast import NOON, Cast, act_by

LATER = NOON + timedelta(hours=3)
MAILED_AT = LATER + GATHER


@dataclass
class Crier:
    """Does the jobs of notifications that wait."""

    done: int = 0

    def tell(self, *, at: datetime = LATER) -> None:
        """Tell of everything that happened since the last time."""
        jobs = ProcrastinateJob.objects.filter(task_name="notifications.tell", id__gt=self.done).order_by("id")
        for job in jobs:
            tell(Happening.from_arguments(job.args), now=at)
            self.done = job.pk

    def skip(self) -> None:
        """Leave out what happened so far."""
        self.done = max(ProcrastinateJob.objects.values_list("id", flat=True), default=0)

    def mail(self, *, at: datetime = MAILED_AT) -> list[OutboundMail]:
        """Mail what is due; returns the notices mailed now, as they left."""
        before = set(OutboundMail.objects.values_list("pk", flat=True))
        for agent_id, ticket_id, plan_id in waiting_bundles(now=at):
            mail_notices(agent_id=agent_id, ticket_id=ticket_id, plan_id=plan_id, now=at)
        return list(OutboundMail.objects.filter(kind=OutboundKind.STAFF_NOTICE).exclude(pk__in=before).order_by("pk"))

    def tell_and_mail(self) -> list[OutboundMail]:
        """Tell of everything, and mail it when it has waited long enough."""
        self.tell()
        return self.mail()


@pytest.fixture
def crier(cast: Cast) -> Crier:
    """Return whoever tells of what happens from now on."""
    Mailbox.objects.create(name="Support", address="support@desk.example", created_at=NOON)
    return Crier()


def told(agent: Agent) -> list[str]:
    """Return the topics an agent was told of, oldest first."""
    return list(Notification.objects.filter(agent=agent).order_by("pk").values_list("topic", flat=True))


def assign(cast: Cast, ticket: Ticket, agents: Sequence[Agent]) -> None:
    """Make agents responsible, as Ada."""
    set_assignees(ticket_id=ticket.pk, agents=agents, act=act_by(cast.ada.user))
