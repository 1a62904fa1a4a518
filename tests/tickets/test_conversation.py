from datetime import timedelta

import pytest

from deskhand.events.models import Event
from deskhand.tickets.actions.attaching import attach_files
from deskhand.tickets.actions.conversation import (
    NewerEntries,
    NewMessage,
    TooLateToReopen,
    accept_message,
    hold_message,
    post_client_reply,
    reply,
)
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.bodies import BodyNotValid, from_text
from deskhand.tickets.models import Kind, Message, Recipient, Ticket, Turn
from deskhand.tickets.models.labels import AfterReply, TicketSettings
from deskhand.tickets.queries.files import waiting_uploads
from tests.cast import NOON, Cast, act_by


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_new_ticket_needs_a_first_response(cast: Cast) -> None:
    ticket = fresh(cast.ticket())
    assert ticket.turn == Turn.NEEDS_FIRST_RESPONSE
    assert ticket.client == cast.acme
    assert (ticket.last_line, ticket.last_author_name) == ("It spins.", "Cleo Clarke")


def test_a_staff_reply_awaits_the_client(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    ticket = fresh(ticket)
    assert (ticket.kind, ticket.turn, ticket.awaits_client) == (Kind.PENDING, Turn.CLIENT, True)
    assert ticket.first_responded_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "kind", "turn"),
    [
        (AfterReply.KEEP_OPEN, Kind.OPEN, Turn.IN_PROGRESS),
        (AfterReply.CLOSE, Kind.CLOSED, Turn.NOBODY),
    ],
)
def test_a_staff_reply_can_do_otherwise(cast: Cast, after: AfterReply, kind: Kind, turn: Turn) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, after=after)
    assert (fresh(ticket).kind, fresh(ticket).turn) == (kind, turn)


def test_reopens_when_the_client_replies(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, after=AfterReply.CLOSE)
    cast.client_reply(ticket)
    ticket = fresh(ticket)
    assert (ticket.kind, ticket.turn, ticket.closed_at) == (Kind.OPEN, Turn.NEEDS_REPLY, None)


def test_refuses_a_reply_long_after_closing(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    with pytest.raises(TooLateToReopen):
        cast.client_reply(ticket, at=NOON + timedelta(days=15))
    assert fresh(ticket).kind == Kind.CLOSED
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_always_reopens_when_the_setting_is_zero(cast: Cast) -> None:
    TicketSettings.objects.create(pk=1, reopen_within_days=0)
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    cast.client_reply(ticket, at=NOON + timedelta(days=400))
    assert fresh(ticket).kind == Kind.OPEN


def test_an_auto_reply_is_kept_and_changes_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, after=AfterReply.CLOSE)
    before = fresh(ticket)
    new = NewMessage(from_text("I am away."))
    post_client_reply(ticket_id=ticket.pk, contact=cast.cleo, new=new, act=act_by(cast.cleo.user), is_auto_reply=True)
    after = fresh(ticket)
    assert (after.kind, after.last_line, after.queue_at) == (before.kind, before.last_line, before.queue_at)
    assert Message.objects.get(ticket=ticket, is_auto_reply=True).text == "I am away."


def test_sending_the_same_form_twice_writes_one_message(cast: Cast) -> None:
    ticket = cast.ticket()
    for _ in range(2):
        new = NewMessage(from_text("Done."), submission_key="form-1")
        reply(ticket_id=ticket.pk, agent=cast.ben, new=new, after=AfterReply.KEEP_OPEN, act=act_by(cast.ben.user))
    assert Message.objects.filter(ticket=ticket, is_from_client=False).count() == 1


def test_stops_a_reply_when_the_thread_has_grown(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.client_reply(ticket, "One more thing")
    new = NewMessage(from_text("Answer to the first"))
    with pytest.raises(NewerEntries):
        reply(
            ticket_id=ticket.pk, agent=cast.ben, new=new, after=AfterReply.CLOSE, act=act_by(cast.ben.user),
            last_seen=1,
        )  # fmt: skip
    assert fresh(ticket).kind == Kind.OPEN


def test_what_one_wrote_oneself_stops_no_reply(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket)
    new, act = NewMessage(from_text("My answer")), act_by(cast.ben.user)
    reply(ticket_id=ticket.pk, agent=cast.ben, new=new, after=AfterReply.KEEP_OPEN, act=act, last_seen=1)
    with pytest.raises(NewerEntries):
        reply(
            ticket_id=ticket.pk, agent=cast.ada, new=new, after=AfterReply.KEEP_OPEN, act=act_by(cast.ada.user),
            last_seen=1,
        )  # fmt: skip


def test_a_team_message_of_a_colleague_stops_a_reply(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket)
    new, act = NewMessage(from_text("My answer")), act_by(cast.ada.user)
    with pytest.raises(NewerEntries):
        reply(ticket_id=ticket.pk, agent=cast.ada, new=new, after=AfterReply.KEEP_OPEN, act=act, last_seen=1)


def test_freezes_the_recipients_when_written(cast: Cast) -> None:
    message = cast.staff_reply(cast.ticket())
    recipients = Recipient.objects.filter(message=message)
    assert [(row.address, row.role) for row in recipients] == [("cleo@acme.example", "to")]


def test_a_held_message_waits_until_an_agent_accepts(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    message = hold_message(
        ticket_id=ticket.pk, author=cast.eve.user, new=NewMessage(from_text("Me too")), act=act_by(cast.eve.user)
    )
    assert fresh(ticket).kind == Kind.PENDING
    assert not Message.objects.shown_to_clients().filter(pk=message.pk).exists()
    accept_message(ticket_id=ticket.pk, message_id=message.pk, act=act_by(cast.ben.user))
    assert fresh(ticket).kind == Kind.OPEN
    assert Message.objects.shown_to_clients().filter(pk=message.pk).exists()


def test_an_agents_held_message_is_a_reply_once_it_is_confirmed(cast: Cast) -> None:
    ticket, new = cast.ticket(), NewMessage(from_text("Try again now."))
    act = act_by(cast.ben.user, at=NOON + timedelta(hours=1))
    message = hold_message(ticket_id=ticket.pk, author=cast.ben.user, new=new, is_from_client=False, act=act)
    for _ in range(2):
        accept_message(ticket_id=ticket.pk, message_id=message.pk, act=act)
    after = fresh(ticket)
    assert (after.kind, after.first_responded_at, after.last_line) == (Kind.PENDING, act.at, "Try again now.")
    assert [row.address for row in Recipient.objects.filter(message=message)] == ["cleo@acme.example"]
    cast.client_reply(ticket)
    assert fresh(ticket).turn == Turn.NEEDS_REPLY


def test_refuses_an_empty_message() -> None:
    with pytest.raises(BodyNotValid, match="Write a message"):
        NewMessage(from_text("   "))


def test_attaches_only_the_writers_own_uploads(cast: Cast) -> None:
    theirs, own = cast.upload(cast.eve.user), cast.upload(cast.cleo.user)
    assert waiting_uploads(cast.cleo.user, [theirs.public_id, own.public_id]) == [own]


def test_a_file_can_be_attached_afterwards(cast: Cast) -> None:
    ticket = cast.ticket()
    file = cast.upload(cast.cleo.user)
    attach_files(ticket_id=ticket.pk, files=[file], act=act_by(cast.cleo.user))
    assert fresh(ticket).attachment_count == 1
    event = Event.objects.get(kind="ticket.files_attached")
    assert event.data["names"] == ["screen.png"]
    assert waiting_uploads(cast.cleo.user, [file.public_id]) == []
