"""Mail of every ticket of the company, for who asks for it and may see them all."""

from collections.abc import Callable

import pytest

from deskhand.clients.actions.colleagues import remove_colleague
from deskhand.clients.actions.own_details import set_ticket_mail
from deskhand.clients.models import Contact
from deskhand.mail.queries.reach import reach_of
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.models import Message, Recipient, Ticket
from tests.cast import Cast, act_by

CLEO, DEV = ("cleo@acme.example", Recipient.Role.TO), ("dev@acme.example", Recipient.Role.CC)


def sent_to(message: Message) -> list[tuple[str, str]]:
    return list(message.recipients.order_by("id").values_list("address", "role"))


@pytest.fixture
def reader(cast: Cast) -> Contact:
    set_ticket_mail(contact=cast.dev, gets_mail=True, of_colleagues=True, act=act_by(cast.dev.user))
    return cast.dev


def test_who_chose_all_gets_answers_on_colleagues_tickets(cast: Cast, reader: Contact) -> None:
    ticket = cast.ticket()
    assert sent_to(cast.staff_reply(ticket)) == [CLEO, DEV]
    cast.team_message(ticket)
    assert Recipient.objects.count() == 2


def test_who_is_in_the_conversation_too_gets_one(cast: Cast, reader: Contact) -> None:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=reader, act=act_by(cast.cleo.user))
    assert sent_to(cast.staff_reply(ticket)) == [CLEO, DEV]


def lost_the_right(reader: Contact, _ticket: Ticket) -> None:
    Contact.objects.filter(pk=reader.pk).update(sees_whole_client=False)


def left_the_client(reader: Contact, _ticket: Ticket) -> None:
    Contact.objects.filter(pk=reader.pk).update(client=None)


def was_removed(reader: Contact, _ticket: Ticket) -> None:
    remove_colleague(contact_id=reader.pk, act=act_by(None))


def unfollowed(reader: Contact, ticket: Ticket) -> None:
    unfollow_as_contact(ticket_id=ticket.pk, contact=reader, act=act_by(reader.user))


def chose_mine(reader: Contact, _ticket: Ticket) -> None:
    set_ticket_mail(contact=reader, gets_mail=True, act=act_by(reader.user))


def chose_none(reader: Contact, _ticket: Ticket) -> None:
    set_ticket_mail(contact=reader, gets_mail=False, of_colleagues=True, act=act_by(reader.user))


@pytest.mark.parametrize("happened", [lost_the_right, left_the_client, was_removed, unfollowed, chose_mine, chose_none])
def test_the_mail_ends_when_the_reason_for_it_does(
    cast: Cast, reader: Contact, happened: Callable[[Contact, Ticket], None]
) -> None:
    ticket = cast.ticket()
    assert sent_to(cast.staff_reply(ticket)) == [CLEO, DEV]
    happened(reader, ticket)
    assert sent_to(cast.staff_reply(ticket, "Again.")) == [CLEO]


def test_tickets_of_other_clients_and_of_none_stay_unsaid(cast: Cast, reader: Contact) -> None:
    assert sent_to(cast.staff_reply(cast.opened_by(cast.eve))) == [(cast.eve.email, Recipient.Role.TO)]
    for contact in (cast.eve, reader):
        Contact.objects.filter(pk=contact.pk).update(client=None)
    lone = Ticket.objects.get(pk=cast.opened_by(Contact.objects.get(pk=cast.eve.pk), subject="Alone").pk)
    assert lone.client is None
    assert sent_to(cast.staff_reply(lone)) == [(cast.eve.email, Recipient.Role.TO)]


def test_the_composer_knows_that_a_colleague_still_gets_it(cast: Cast, reader: Contact) -> None:
    ticket = cast.ticket()
    set_ticket_mail(contact=cast.cleo, gets_mail=False, act=act_by(cast.cleo.user))
    reach = reach_of(ticket.pk)
    assert not reach.is_nobody
    assert reach.words.count("reads in the portal only") == 1
    lost_the_right(reader, ticket)
    assert reach_of(ticket.pk).is_nobody
