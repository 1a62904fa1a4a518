from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from deskhand.clients.actions.people import NotAContact
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import SubjectNotValid
from deskhand.tickets.actions.opening_by_staff import NewPerson, StaffTicket, open_for_client
from deskhand.tickets.bodies import from_text
from deskhand.tickets.client_view import client_home
from deskhand.tickets.models import Message, Recipient, Source, Ticket, Turn
from deskhand.tickets.models.team import TeamMessage
from deskhand.tickets.queries.files import readable_file
from tests.cast import Cast, act_by


def opened(cast: Cast, ticket: StaffTicket, text: str = "We noticed this.", key: str | None = None) -> Ticket:
    first = NewMessage(from_text(text), submission_key=key)
    return open_for_client(ticket=ticket, agent=cast.ben, first=first, act=act_by(cast.ben.user))


def test_the_client_is_told_and_sees_it(cast: Cast) -> None:
    ticket = opened(cast, StaffTicket(subject="Certificate", requester=cast.cleo, assignee=cast.ada))
    assert (ticket.source, ticket.client) == (Source.ADMIN, cast.acme)
    assert list(ticket.assignees.all()) == [cast.ada]
    assert Recipient.objects.get().address == "cleo@acme.example"
    assert Ticket.objects.visible_to(cast.cleo).filter(pk=ticket.pk).exists()
    assert Ticket.objects.get(pk=ticket.pk).turn == Turn.IN_PROGRESS


def test_the_client_need_not_be_told(cast: Cast) -> None:
    opened(cast, StaffTicket(subject="Certificate", requester=cast.cleo, tells_client=False))
    assert not Recipient.objects.exists()


def test_a_team_only_ticket_does_not_exist_for_the_client(cast: Cast) -> None:
    ticket = opened(cast, StaffTicket(subject="They pay late", requester=cast.cleo, is_team_only=True))
    assert TeamMessage.objects.get(ticket=ticket).text == "We noticed this."
    assert not Message.objects.exists()
    assert not Ticket.objects.visible_to(cast.cleo).exists()
    assert not client_home(cast.cleo).has_any
    assert not Event.objects.about("ticket", ticket.pk).client_visible().exists()
    assert Ticket.objects.visible_to(cast.ada).get().turn == Turn.IN_PROGRESS


def test_it_exists_for_the_client_from_the_first_message_on(cast: Cast) -> None:
    ticket = opened(cast, StaffTicket(subject="Renewal", requester=cast.cleo, is_team_only=True))
    cast.staff_reply(ticket, "Shall we renew?")
    assert Ticket.objects.visible_to(cast.cleo).get() == ticket


def test_files_of_a_team_only_ticket_are_the_teams(cast: Cast) -> None:
    file = cast.upload(cast.ben.user)
    first = NewMessage(from_text("Look."), files=[file])
    new = StaffTicket(subject="Renewal", requester=cast.cleo, is_team_only=True)
    open_for_client(ticket=new, agent=cast.ben, first=first, act=act_by(cast.ben.user))
    assert readable_file(cast.ada, file.public_id) == file
    assert readable_file(cast.cleo, file.public_id) is None


def test_a_new_person_is_made_a_contact_of_the_client_with_the_domain(cast: Cast) -> None:
    ticket = opened(cast, StaffTicket(subject="Hello", requester=NewPerson("Zed@acme.example", "Zed")))
    assert (ticket.requester.email, ticket.client) == ("zed@acme.example", cast.acme)


def test_a_new_person_who_is_known_already_is_that_contact(cast: Cast) -> None:
    ticket = opened(cast, StaffTicket(subject="Hello", requester=NewPerson("CLEO@acme.example", "C.")))
    assert ticket.requester == cast.cleo


def test_a_colleague_cannot_be_a_requester_and_nobody_is_made(cast: Cast) -> None:
    count = Contact.objects.count()
    with pytest.raises(NotAContact):
        opened(cast, StaffTicket(subject="Hello", requester=NewPerson("ada@desk.example", "Ada")))
    with pytest.raises(SubjectNotValid):
        opened(cast, StaffTicket(subject="x" * 201, requester=NewPerson("new@x.example", "New")))
    assert Contact.objects.count() == count


@pytest.mark.parametrize("is_team_only", [True, False])
def test_sending_the_form_twice_opens_one_ticket(cast: Cast, is_team_only: bool) -> None:
    new = StaffTicket(subject="Hello", requester=cast.cleo, is_team_only=is_team_only, assignee=cast.ben)
    assert opened(cast, new, key="k").pk == opened(cast, new, key="k").pk


@pytest.mark.parametrize("is_team_only", [True, False])
def test_sending_it_twice_at_once_opens_one_ticket(committed_cast: Cast, is_team_only: bool) -> None:
    new = StaffTicket(subject="Hello", requester=committed_cast.cleo, is_team_only=is_team_only)

    def attempt(_: int) -> int:
        try:
            return opened(committed_cast, new, key="k").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(attempt, range(8)))) == 1
