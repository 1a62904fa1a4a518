from datetime import timedelta

import pytest

from deskhand.core.names import avatar_hue
from deskhand.events.models import Event
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.actions.status import set_status
from deskhand.tickets.client_view import ClientEventLine, ClientMessage, client_home, client_ticket, unread_by
from deskhand.tickets.client_view.sentences import Doer, listed, sentence
from deskhand.tickets.models import Kind, Status, Ticket
from deskhand.tickets.queries.thread import newer_entries
from tests.cast import NOON, Cast, act_by

BEN, READER, DESK = Doer("Ben Baker", False), Doer("Cleo Clarke", True), Doer("", False)


def event(kind: str, *, is_client_visible: bool = True, **data: object) -> Event:
    return Event(kind=kind, data=data, is_client_visible=is_client_visible)


def changed(old: Kind, new: Kind) -> Event:
    kinds = {"old_kind": old.value, "new_kind": new.value}
    data = {**kinds, "old_name": "zq-old", "new_name": "zq-new"}
    return Event(kind="ticket.status_changed", data=data, is_client_visible=True)


@pytest.mark.parametrize(
    ("happened", "doer", "said"),
    [
        (changed(Kind.OPEN, Kind.CLOSED), BEN, "Closed by Ben"),
        (changed(Kind.PENDING, Kind.CLOSED), READER, "You closed this"),
        (changed(Kind.SNOOZED, Kind.CLOSED), DESK, "Closed"),
        (changed(Kind.CLOSED, Kind.OPEN), BEN, "Ben Baker reopened this"),
        (changed(Kind.CLOSED, Kind.SPAM), READER, "You reopened this"),
        (changed(Kind.CLOSED, Kind.PENDING), DESK, "Reopened"),
        (event("ticket.assignees_changed", added_names=["A", "B", "C"]), BEN, "A, B and C started working on this"),
        (event("ticket.files_attached", names=["a.png", "b.png"]), READER, "You attached a.png and b.png"),
        (event("ticket.participant_added", contact_name="Dev Das"), BEN, "Ben Baker added Dev Das"),
        (event("ticket.participant_added", contact_name="Dev Das"), DESK, "Dev Das was added"),
    ],
)
def test_says_what_happened(happened: Event, doer: Doer, said: str) -> None:
    result = sentence(happened, doer)
    assert result is not None
    assert result.text == said


@pytest.mark.parametrize(
    "happened",
    [
        *(
            changed(old, new)
            for old in Kind
            for new in Kind
            if Kind.CLOSED not in {old, new} or old == new == Kind.CLOSED
        ),
        event("ticket.assignees_changed", added_names=[], removed_names=["Ben"]),
        event("ticket.participant_added"),
        event("ticket.tags_changed", added=["x"], removed=[]),
        event("ticket.invented_tomorrow"),
        event("ticket.files_attached", is_client_visible=False, names=["secret.png"]),
    ],
)
def test_says_nothing_of_what_is_internal(happened: Event) -> None:
    assert sentence(happened, BEN) is None


@pytest.mark.parametrize(("names", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B")])
def test_lists_names(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_keeps_what_happened_at_one_moment_in_its_order(cast: Cast) -> None:
    ticket, later = cast.ticket(), NOON + timedelta(hours=1)
    set_assignees(ticket_id=ticket.pk, agents=[cast.ben], act=act_by(cast.ben.user, at=later))
    cast.staff_reply(ticket, at=later)
    shown = client_ticket(cast.cleo, ticket.number, now=later)
    assert shown is not None
    assert [type(entry) for entry in shown.entries] == [ClientMessage, ClientEventLine, ClientMessage]


def test_no_hint_tells_a_client_that_staff_changed_a_status_among_themselves(cast: Cast) -> None:
    ticket = cast.ticket()
    for kind in ("spam", "open", "pending", "closed"):
        set_status(ticket_id=ticket.pk, status=Status.objects.get(kind=kind), act=act_by(cast.ben.user))
    shown = Event.objects.about("ticket", ticket.pk).filter(kind="ticket.status_changed")
    assert list(shown.values_list("is_client_visible", flat=True)) == [False, False, True, True]


def test_shows_people_in_the_color_that_staff_see_and_without_their_address(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    set_assignees(ticket_id=ticket.pk, agents=[cast.ada], act=act_by(cast.ben.user))
    shown = client_ticket(cast.cleo, ticket.number, now=NOON)
    assert shown is not None
    hues = [entry.author_hue for entry in shown.entries if isinstance(entry, ClientMessage)]
    emails = [entry.author_key for entry in newer_entries(ticket.pk, agent=cast.ada, seen=0)]
    assert hues == [avatar_hue(email) for email in emails]
    assert [face.hue for face in shown.working_on_it] == [avatar_hue(cast.ada.user.email)]
    assert "@desk.example" not in repr(shown)


def test_is_none_for_another_client(cast: Cast) -> None:
    assert client_ticket(cast.eve, cast.ticket().number, now=NOON) is None


def test_reads_no_further_than_what_clients_can_read(cast: Cast) -> None:
    ticket = cast.ticket()
    message = cast.staff_reply(ticket)
    cast.team_message(ticket)

    def unread() -> int | None:
        found: int | None = vars(Ticket.objects.annotate(unread=unread_by(cast.cleo.user)).get())["unread"]
        return found

    assert unread() == message.position
    mark_read(user=cast.cleo.user, ticket_id=ticket.pk, position=message.position, act=act_by(cast.cleo.user))
    assert unread() is None


def test_dates_a_row_by_its_last_message(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket)
    (row,) = client_home(cast.cleo).with_us
    assert row.last_message_at == NOON
