"""The many old tickets that speed is measured beside are tickets as the product makes them."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection

from bin._bench_seed import seed
from bin._seed_rows import belongings
from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.mail.addresses import ReplyToken, read_message_id, read_reply_address
from deskhand.mail.models import KnownMessageId, OutboundMail, Seen
from deskhand.sla.models import Clock
from deskhand.tickets.client_view import client_home, client_ticket
from deskhand.tickets.models import Assignment, Kind, Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from deskhand.tickets.queries.inbox import list_tickets
from deskhand.tickets.queries.thread import read_thread
from deskhand.tickets.queries.ticket_page import ticket_page
from deskhand.tickets.queries.views import View

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
COUNT, TOLD, SAMPLE = 80, 9, 12


@pytest.fixture
def seeded(db: None) -> Counter[str]:
    return seed(COUNT, now=NOW, say=lambda _line: None, work_off=lambda: None, agents=4, clients=3, contacts=6)


def test_copies_are_tickets_like_those_they_are_copied_from(seeded: Counter[str]) -> None:
    tickets = list(Ticket.objects.order_by("pk"))
    assert len(tickets) == COUNT
    for ticket in tickets:
        entries = Message.objects.filter(ticket=ticket).count() + TeamMessage.objects.filter(ticket=ticket).count()
        assert ticket.entry_count == entries
        assert ticket.opened_at <= ticket.queue_at < NOW
        assert ticket.assignee_ids == list(
            Assignment.objects.filter(ticket=ticket).order_by("pk").values_list("agent", flat=True)
        )
    shapes = [{model: len(rows) for model, rows in belongings(ticket.pk).items()} for ticket in tickets[:TOLD]]
    copied = [belongings(ticket.pk) for ticket in tickets[-SAMPLE:]]
    assert all({model: len(rows) for model, rows in rows.items()} in shapes for rows in copied)
    for ticket, rows in zip(tickets[-SAMPLE:], copied, strict=True):
        said = str(rows).lower()
        assert ticket.client
        if ticket.client.name != "Thistlewood Press":
            assert not re.search("ottoline|thistlewood", said)
        if ticket.assignees.filter(user__email="agent3@bench.example"):  # whose second agent is agent2
            assert not re.search("ignatia|barnaby", said)
    assert not Clock.objects.to_settle(NOW).exclude(due_at__gt=NOW).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'tickets_message'")
        assert {("message_words",), ("message_position_once",)} <= set(cursor.fetchall())
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'")
        assert not cursor.fetchall()


def test_copies_can_be_read_and_answered(seeded: Counter[str]) -> None:
    agent = Agent.objects.get(user__email="agent2@bench.example")
    client = Contact.objects.get(user__email="ottoline@thistlewood.example")
    waiting = Ticket.objects.exclude(kind=Kind.CLOSED)
    assert len(list_tickets(agent, view=View.INBOX).rows) == len(waiting)
    home = client_home(client)
    assert home.awaiting_count + home.with_us_count == len(waiting)
    for copied in Ticket.objects.order_by("-pk")[:SAMPLE]:
        page = ticket_page(agent, copied.number)
        assert page is not None
        assert (page.subject, page.requester.name) == (copied.subject, copied.requester.name)
        assert len(read_thread(copied.pk, agent=agent, read_to=0).entries) == copied.entry_count
        assert client_ticket(copied.requester, copied.number, now=NOW) is not None
        for known in KnownMessageId.objects.filter(ticket=copied, seen=Seen.SENT):
            assert read_message_id(known.message_id) == copied.number
        for mail in OutboundMail.objects.filter(ticket=copied, reader=None):
            assert read_reply_address(mail.reply_to) == ReplyToken(copied.number)
