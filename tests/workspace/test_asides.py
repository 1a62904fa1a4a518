"""What a client asks for, where to call them, how they rated; and the banner for who is on call."""

from datetime import timedelta

import pytest

from deskhand.sla.actions.on_call import set_on_call
from deskhand.sla.queries.on_call import own_alerts
from deskhand.tickets.actions.chasing import ask_for_update
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.actions.rating import rate
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Category, Source, Ticket, Verdict
from tests.cast import NOON, Cast, act_by
from tests.workspace.browsing import get, post


def details(cast: Cast, ticket: Ticket) -> str:
    return str(get(cast.ben, f"tickets/{ticket.number}/details").content.decode())


def critical_ticket(cast: Cast) -> Ticket:
    new = NewTicket(
        subject="No orders",
        requester=cast.cleo,
        author=cast.cleo.user,
        source=Source.PORTAL,
        category=Category.objects.get(is_business_critical=True),
        call_back_phone="020 7946 0812",
    )
    return open_ticket(ticket=new, first=NewMessage(from_text("Nothing works.")), act=act_by(cast.cleo.user))


@pytest.fixture
def on_call(cast: Cast) -> Cast:
    set_on_call(agent_ids=[cast.ben.pk], repeat_minutes=10, act=act_by(cast.ada.user))
    return cast


def test_marks_a_chased_ticket_until_somebody_answers(cast: Cast) -> None:
    ticket = cast.ticket()
    asked = NOON + timedelta(hours=1)
    ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act_by(cast.cleo.user, at=asked))
    assert "Chased" in get(cast.ben, "inbox").content.decode()
    assert "Asked for an update" in details(cast, ticket)
    cast.team_message(ticket)
    assert "Asked for an update" in details(cast, ticket)
    cast.staff_reply(ticket, at=asked + timedelta(hours=1))
    assert "Chased" not in get(cast.ben, "inbox").content.decode()
    assert "Asked for an update" not in details(cast, ticket)


def test_shows_where_to_call_back_only_to_roles_that_may_know(cast: Cast) -> None:
    ticket = critical_ticket(cast)
    post(cast.ada, f"tickets/{ticket.number}/assignment", {"add": cast.kit.pk})
    assert 'href="tel:02079460812"' in details(cast, ticket)
    assert "020 7946 0812" not in get(cast.kit, f"tickets/{ticket.number}").content.decode()


def test_shows_how_the_client_rated_it(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    rate(ticket_id=ticket.pk, contact=cast.cleo, verdict=Verdict.GOOD, comment="Quick!", act=act_by(cast.cleo.user))
    page = details(cast, ticket)
    assert "Good" in page
    assert "Quick!" in page


def test_alerts_who_is_on_call_on_every_page_until_someone_acknowledges(on_call: Cast) -> None:
    ticket = critical_ticket(on_call)
    assert "Business critical:" in get(on_call.ben, "clients").content.decode()
    assert "Business critical:" in get(on_call.ben, "on-call").content.decode()
    post(on_call.ben, f"tickets/{ticket.number}/acknowledgement")
    assert own_alerts(on_call.ben) == []
    assert "Business critical:" not in get(on_call.ben, "clients").content.decode()


def test_leaves_agents_alone_who_are_not_on_call(on_call: Cast) -> None:
    critical_ticket(on_call)
    assert "Business critical:" not in get(on_call.ada, "clients").content.decode()
