from collections import Counter
from datetime import UTC, datetime

import pytest

from deskhand.accounts.models import Agent, User
from deskhand.mail.models import InboundMail, Verdict
from deskhand.notifications.models import Notification
from deskhand.project.demo import PEOPLE, load
from deskhand.tickets.models import Kind, Message, Ticket, Turn
from deskhand.tickets.queries.inbox import list_tickets
from deskhand.tickets.queries.views import View

NOW = datetime(2026, 11, 21, 10, 58, tzinfo=UTC)
AT_WORK = {Turn.NEEDS_REPLY, Turn.NEEDS_FIRST_RESPONSE, Turn.IN_PROGRESS, Turn.CLIENT}
NEW_TO_PRIYA = {
    "Checkout stalls after choosing a delivery date",
    "VAT is shown twice on the order confirmation",
    "Opening hours for Christmas week",
}


@pytest.mark.django_db
def test_the_demo_looks_like_a_desk_at_work() -> None:
    load(now=NOW)
    assert set(Ticket.objects.in_kinds(Kind.OPEN, Kind.PENDING).values_list("turn", flat=True)) == AT_WORK
    assert Ticket.objects.in_kinds(Kind.SPAM).count() == 3
    assert not Message.objects.filter(created_at__gt=NOW).exists()
    verdicts = Counter(InboundMail.objects.values_list("verdict", flat=True))
    assert verdicts == {Verdict.TICKET_OPENED: 5, Verdict.REJECTED: 1}
    priya = Agent.objects.get(user__email="priya@harbourpine.example")
    assert {row.subject for row in list_tickets(priya, view=View.INBOX).rows if row.is_unread} == NEW_TO_PRIYA
    told = Notification.objects.all()
    assert told.filter(agent__user__email="lena@harbourpine.example").unread().exists()
    assert told.exclude(read_at=None).exists()
    assert not told.to_mail().exists()
    for _, address in PEOPLE:
        assert User.objects.with_address(address).count() == 1
