"""However many tickets the desk has, those of one person are found by indexes."""

from copy import copy

import pytest
from django.db import connection

from deskhand.accounts.models import new_public_id
from deskhand.tickets.models import Kind, Ticket
from tests.cast import Cast

MANY = 3000


@pytest.fixture
def crowded(cast: Cast) -> Cast:
    """Return the cast of a desk on which another client has many open tickets."""
    one = cast.ticket()
    others = [copy(one) for _ in range(MANY)]
    for place, other in enumerate(others, 1):
        other.pk, other.number, other.public_id = None, one.number + 1000 + place, new_public_id()
        other.requester, other.client = cast.eve, cast.other
    Ticket.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return cast


def test_open_tickets_of_a_client_are_found_by_client_and_person(crowded: Cast) -> None:
    plan = Ticket.objects.visible_to(crowded.cleo).exclude(kind=Kind.CLOSED).explain()
    assert "ticket_client_open" in plan
    assert "ticket_requester_open" in plan


def test_all_tickets_of_a_client_are_found_without_reading_those_of_others(crowded: Cast) -> None:
    plan = Ticket.objects.visible_to(crowded.cleo).explain()
    assert "BitmapOr" in plan
    assert "Seq Scan on tickets_ticket" not in plan
