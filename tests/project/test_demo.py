from datetime import UTC, datetime

import pytest

from deskhand.accounts.models import User
from deskhand.notifications.models import Notification
from deskhand.project.demo import PEOPLE, load
from deskhand.tickets.models import Kind, Message, Ticket, Turn

NOW = datetime(2026, 11, 21, 10, 58, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_fills_every_group_of_the_inbox() -> None:
    load(now=NOW)
    turns = set(Ticket.objects.exclude(kind=Kind.CLOSED).values_list("turn", flat=True))
    assert turns == {Turn.NEEDS_REPLY, Turn.NEEDS_FIRST_RESPONSE, Turn.IN_PROGRESS, Turn.CLIENT}
    assert not Message.objects.filter(created_at__gt=NOW).exists()
    told = Notification.objects.all()
    assert told.unread().exists()
    assert told.exclude(read_at=None).exists()
    assert not told.to_mail().exists()
    for _, address in PEOPLE:
        assert User.objects.with_address(address).count() == 1
