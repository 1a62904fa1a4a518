from deskhand.clients.actions.own_details import set_ticket_mail
from deskhand.events.models import Event
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.unfollowing import follow_as_contact, unfollow_as_contact
from deskhand.tickets.models import Message, Recipient, Ticket, Unfollowed
from tests.cast import Cast, act_by


def sent_to(message: Message) -> list[tuple[str, str]]:
    return list(message.recipients.order_by("id").values_list("address", "role"))


def with_dev(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    add_participant(ticket_id=ticket.pk, contact=cast.dev, act=act_by(cast.cleo.user))
    return ticket


def test_who_unfollowed_is_left_out_and_the_next_is_written_to(cast: Cast) -> None:
    ticket = with_dev(cast)
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    assert sent_to(cast.staff_reply(ticket)) == [("dev@acme.example", Recipient.Role.TO)]


def test_a_message_goes_to_nobody_when_all_unfollowed(cast: Cast) -> None:
    ticket = cast.ticket()
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    assert sent_to(cast.staff_reply(ticket)) == []


def test_other_tickets_stay_as_they_are(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Another")
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    assert sent_to(cast.staff_reply(other)) == [("cleo@acme.example", Recipient.Role.TO)]


def test_unfollowing_and_following_twice_count_once(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.cleo.user)
    for change in (unfollow_as_contact, unfollow_as_contact, follow_as_contact, follow_as_contact):
        change(ticket_id=ticket.pk, contact=cast.cleo, act=act)
    events = Event.objects.about("ticket", ticket.pk).filter(kind__startswith="ticket.contact_").order_by("id")
    assert [event.kind for event in events] == ["ticket.contact_unfollowed", "ticket.contact_followed"]
    assert not any(event.is_client_visible for event in events)
    assert sent_to(cast.staff_reply(ticket)) == [("cleo@acme.example", Recipient.Role.TO)]


def test_who_writes_again_wants_the_answer(cast: Cast) -> None:
    ticket = cast.ticket()
    unfollow_as_contact(ticket_id=ticket.pk, contact=cast.cleo, act=act_by(cast.cleo.user))
    cast.client_reply(ticket)
    assert not Unfollowed.objects.exists()


def test_who_reads_in_the_portal_alone_gets_no_mail_of_any_ticket(cast: Cast) -> None:
    ticket = with_dev(cast)
    set_ticket_mail(contact=cast.cleo, gets_mail=False, act=act_by(cast.cleo.user))
    assert sent_to(cast.staff_reply(ticket)) == [("dev@acme.example", Recipient.Role.TO)]
    set_ticket_mail(contact=cast.cleo, gets_mail=True, act=act_by(cast.cleo.user))
    roles = [("cleo@acme.example", Recipient.Role.TO), ("dev@acme.example", Recipient.Role.CC)]
    assert sent_to(cast.staff_reply(ticket, "Again.")) == roles
