"""Mailing notices: all that wait for one agent about one ticket go out in one mail."""

from datetime import datetime

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.events import Act, Via
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import OutboundMail
from deskhand.notifications.models import Notification
from deskhand.notifications.queries.recipients import may_see
from deskhand.notifications.staff_mail import compose_bundle
from deskhand.notifications.topics import URGENT

Bundle = tuple[int, int | None, int | None]


def waiting_bundles(*, now: datetime, limit: int = 500) -> list[Bundle]:
    """Return agent, ticket and plan of what is to be mailed by now, one of ticket and plan None."""
    due = Notification.objects.to_mail().filter(mail_due_at__lte=now)
    return list(dict.fromkeys(due.values_list("agent_id", "ticket_id", "plan_id")[:limit]))


@transaction.atomic
def mail_notices(*, agent_id: int, ticket_id: int | None, plan_id: int | None, now: datetime) -> OutboundMail | None:
    """Put one mail with everything that waits into the outbox, once the longest waiting has waited enough.

    Marking and mailing are one transaction, so that a notice goes out once whatever happens in between. None where
    nothing is due, all was read meanwhile, or the agent may not know of the ticket any more.
    """
    rows = Notification.objects.to_mail().filter(agent=agent_id, ticket=ticket_id, plan=plan_id)
    waiting = list(
        rows.select_for_update(of=("self",)).select_related(
            "actor", "ticket__client", "ticket__requester__user", "plan__client"
        )
    )
    if not any(notice.mail_due_at is not None and notice.mail_due_at <= now for notice in waiting):
        return None
    agent = Agent.objects.select_related("user", "role").get(pk=agent_id)
    news = [notice for notice in waiting if notice.read_at is None or notice.topic in URGENT]
    mail = _queue(agent, news, now=now) if news and may_see(agent, ticket_id) else None
    settled = Notification.objects.filter(pk__in=[notice.pk for notice in waiting])
    settled.exclude(pk__in=[notice.pk for notice in news]).update(mail_settled_at=now)
    settled.filter(mail_settled_at=None).update(mail_settled_at=now, mail=mail)
    return mail


def _queue(agent: Agent, notices: list[Notification], *, now: datetime) -> OutboundMail | None:
    mail = compose_bundle(agent, notices, at=now)
    mail.save(force_insert=True)
    put_in_outbox(mail, [agent.user.email], act=Act(actor=None, at=now, via=Via.SYSTEM))
    return mail
