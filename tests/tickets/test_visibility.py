from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.tickets.actions.assignment import add_participant, set_assignees
from deskhand.tickets.models import Ticket, Viewer
from deskhand.tickets.queries.files import readable_file
from tests.cast import Cast, act_by


def sees(viewer: Viewer, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).exists()


def test_a_contact_of_another_client_sees_nothing(cast: Cast) -> None:
    assert not sees(cast.eve, cast.ticket())


def test_a_colleague_sees_the_clients_tickets(cast: Cast) -> None:
    assert sees(cast.dev, cast.ticket())


def test_a_contact_limited_to_own_tickets_sees_those_they_take_part_in(cast: Cast) -> None:
    Contact.objects.filter(pk=cast.dev.pk).update(sees_whole_client=False)
    dev = Contact.objects.with_people().get(pk=cast.dev.pk)
    ticket = cast.ticket()
    assert not sees(dev, ticket)
    add_participant(ticket_id=ticket.pk, contact=dev, act=act_by(cast.cleo.user))
    assert sees(dev, ticket)


def test_contacts_without_a_client_do_not_see_each_other(cast: Cast) -> None:
    Contact.objects.update(client=None)
    Ticket.objects.update(client=None)
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(client=None)
    assert not sees(Contact.objects.with_people().get(pk=cast.dev.pk), ticket)


def test_a_contractor_sees_what_is_assigned(cast: Cast) -> None:
    ticket = cast.ticket()
    assert not sees(cast.kit, ticket)
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ada.user))
    assert sees(cast.kit, ticket)


def test_someone_who_left_sees_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    User.objects.filter(pk=cast.ben.user.pk).update(is_active=False)
    cast.ben.user.refresh_from_db()
    assert not sees(cast.ben, ticket)


def test_an_upload_is_its_uploaders_until_it_hangs_somewhere(cast: Cast) -> None:
    file = cast.upload(cast.cleo.user)
    assert readable_file(cast.cleo, file.public_id) == file
    assert readable_file(cast.dev, file.public_id) is None
    assert readable_file(cast.ada, file.public_id) is None


def test_a_clients_file_is_read_by_colleagues_and_staff_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.ben.user)
    cast.staff_reply(ticket, files=[file])
    assert readable_file(cast.dev, file.public_id) == file
    assert readable_file(cast.ada, file.public_id) == file
    assert readable_file(cast.eve, file.public_id) is None
    assert readable_file(cast.kit, file.public_id) is None


def test_the_database_keeps_beside_a_ticket_who_is_assigned(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another")
    for agents in ([cast.ben], [cast.ben, cast.kit], [cast.kit], []):
        set_assignees(ticket_id=ticket.pk, agents=agents, act=act_by(cast.ada.user))
        ticket.refresh_from_db()
        assert ticket.assignee_ids == [agent.pk for agent in agents]
        assert list(Ticket.objects.assigned_to(cast.ben)) == ([ticket] if cast.ben in agents else [])
        assert set(Ticket.objects.unassigned()) == ({other} if agents else {ticket, other})
