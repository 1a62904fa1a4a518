"""How far the demo's agents have read: only what is really new looks unread."""

from datetime import datetime, timedelta

from django.db.models import Max

from deskhand.events import Act, Via
from deskhand.project.demo.people import Company
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.models import Kind, Message, Ticket
from deskhand.tickets.models.team import TeamMessage

NEW_FOR = timedelta(minutes=48)


def read_lately(company: Company, *, now: datetime) -> None:
    """Let every agent have read what is older than NEW_FOR of the tickets they see that are not closed."""
    until = now - NEW_FOR
    last: dict[int, int] = {}
    for entries in (Message, TeamMessage):
        written = entries.objects.filter(created_at__lte=until).exclude(ticket__kind=Kind.CLOSED)
        for ticket_id, position in written.values_list("ticket").annotate(Max("position")):
            last[ticket_id] = max(position, last.get(ticket_id, 0))
    for agent in company.agents.values():
        act = Act(actor=agent.user, at=until, via=Via.WORKSPACE)
        for ticket_id in Ticket.objects.visible_to(agent).filter(pk__in=last).values_list("pk", flat=True):
            mark_read(user=agent.user, ticket_id=ticket_id, position=last[ticket_id], act=act)
