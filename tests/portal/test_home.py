from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.clients.actions.people import create_contact
from deskhand.mail.models import Mailbox
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.status import close_ticket, set_status
from deskhand.tickets.models import Status
from deskhand.tickets.models.labels import AfterReply
from tests.cast import NOON, Cast, act_by
from tests.web.visitors import signed_in


def home(cast: Cast) -> str:
    return signed_in(cast.cleo.user).get("/").content.decode()


def test_names_the_mailbox_that_clients_can_write_to(cast: Cast) -> None:
    assert "mailto:help@harbour.example" not in home(cast)
    Mailbox.objects.create(address="help@harbour.example", name="Help", created_at=NOON)
    assert "mailto:help@harbour.example" in home(cast)


def test_greets_by_first_name_and_counts_what_waits(cast: Cast) -> None:
    cast.staff_reply(cast.ticket())
    page = home(cast)
    assert "Hello Cleo" in page
    assert "1 ticket is waiting for your answer." in page
    cast.staff_reply(cast.ticket())
    assert "2 tickets are waiting for your answer." in home(cast)


def test_shows_what_awaits_the_client_before_what_is_with_the_desk(cast: Cast) -> None:
    cast.ticket("With the desk", at=NOON + timedelta(days=1))
    cast.staff_reply(cast.ticket("Awaits Cleo"))
    page = home(cast)
    assert page.index("Awaiting your response") < page.index("Awaits Cleo") < page.index("With us")
    assert page.index("With us") < page.index("With the desk")


def test_says_who_wrote_last_and_who_is_on_it(cast: Cast) -> None:
    ticket = cast.ticket(text="It spins.")
    set_assignees(ticket_id=ticket.pk, agents=[cast.ben, cast.ada], act=act_by(cast.ada.user))
    page = home(cast)
    assert "You: It spins." in page
    assert "Ben Baker and Ada Admin are on it" in page
    assert "Cleo: It spins." in signed_in(cast.dev.user).get("/").content.decode()


def test_leaves_closed_tickets_to_their_own_page(cast: Cast) -> None:
    ticket = cast.ticket("Long done")
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    assert "Long done" not in home(cast)
    assert "Long done" in signed_in(cast.cleo.user).get("/tickets/closed").content.decode()


def test_does_not_move_a_ticket_when_staff_change_its_status(cast: Cast) -> None:
    older = cast.ticket("The older one")
    cast.ticket("The newer one", at=NOON + timedelta(hours=1))
    spam, opened = Status.objects.get(kind="spam"), Status.objects.get(kind="open")
    later = act_by(cast.ben.user, at=NOON + timedelta(hours=2))
    set_status(ticket_id=older.pk, status=spam, act=later)
    set_status(ticket_id=older.pk, status=opened, act=later)
    page = home(cast)
    assert page.index("The newer one") < page.index("The older one")


def test_tells_newcomers_how_to_begin(cast: Cast) -> None:
    page = home(cast)
    assert "No tickets yet." in page
    assert "Nothing is waiting for you." in page


def test_does_not_call_someone_with_closed_tickets_a_newcomer(cast: Cast) -> None:
    close_ticket(ticket_id=cast.ticket().pk, act=act_by(cast.ben.user))
    assert "Nothing is with us just now." in home(cast)


def test_names_the_account_manager_and_what_the_desk_promises(cast: Cast) -> None:
    page = home(cast)
    assert "Ben Baker" in page
    assert "mailto:ben@desk.example" in page
    assert "within two working days" in page


def test_offers_the_desk_itself_where_there_is_no_account_manager(cast: Cast) -> None:
    nobody = create_contact(email="lone@nowhere.example", name="Lone", act=act_by(None))
    page = signed_in(nobody.user).get("/").content.decode()
    assert "Talk to us" in page
    assert "Your account manager" not in page


@pytest.mark.parametrize("path", ["/", "/tickets/search?q=spins"])
def test_asks_the_database_the_same_for_one_ticket_and_for_fifty(cast: Cast, path: str) -> None:
    browser = signed_in(cast.cleo.user)
    _several(cast, 1)
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        browser.get(path)
    _several(cast, 49)
    with CaptureQueriesContext(connection) as for_fifty:
        browser.get(path)
    assert len(for_fifty) == len(for_one)


def _several(cast: Cast, count: int) -> None:
    for number in range(count):
        ticket = cast.ticket(f"Ticket {number}")
        set_assignees(ticket_id=ticket.pk, agents=[cast.ben], act=act_by(cast.ada.user))
        if number % 2:
            cast.staff_reply(ticket, after=AfterReply.AWAIT_CLIENT)
