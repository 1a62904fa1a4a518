"""Every kind of fact about tickets reads as a sentence."""

from dataclasses import fields

import pytest

from deskhand.accounts.models import Team
from deskhand.events.models import Event
from deskhand.tickets import events
from deskhand.tickets.actions.assignment import change_assignees, follow, set_assignees, set_team
from deskhand.tickets.actions.properties import change_tags, set_due, set_priority, set_tags
from deskhand.tickets.actions.status import close_ticket, reopen_ticket
from deskhand.tickets.models import Priority, Ticket
from deskhand.tickets.queries.history import history_of
from deskhand.tickets.queries.thread import Line, read_thread
from tests.cast import Cast, act_by

FACTS = [
    kind for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.TicketFact) and kind is not events.TicketFact
]  # fmt: skip
SAMPLES: dict[object, object] = {int: 1, str: "x", bool: False, list[int]: [1], list[str]: ["x"]}


def last(cast: Cast, ticket: Ticket) -> str:
    return history_of(ticket.pk, agent=cast.ben)[-1].text


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
def test_every_fact_has_a_sentence(cast: Cast, fact: type[events.TicketFact]) -> None:
    ticket = cast.ticket()
    given = {field.name: SAMPLES.get(field.type, "x") for field in fields(fact) if field.name != "subject_id"}
    act = act_by(cast.ben.user)
    Event.objects.create(  # without the reactions, which want more than samples
        kind=fact.kind, subject_kind="ticket", subject_id=ticket.pk, actor_id=act.actor_id, via=act.via,
        occurred_at=act.at, data=fact(subject_id=ticket.pk, **given).data(),
    )  # fmt: skip
    happening = history_of(ticket.pk, agent=cast.ben)[-1]
    assert happening.kind == fact.kind
    assert len(happening.parts) >= 1
    assert happening.icon


def test_says_who_took_and_who_was_given_a_ticket(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ben.user)
    change_assignees(ticket_id=ticket.pk, add=[cast.ben], act=act)
    assert last(cast, ticket) == "Ben Baker took this ticket"
    change_assignees(ticket_id=ticket.pk, add=[cast.ada, cast.kit], act=act)
    assert last(cast, ticket) == "Ben Baker assigned Ada Admin and Kit Carr"
    set_assignees(ticket_id=ticket.pk, agents=[], act=act)
    assert "unassigned" in last(cast, ticket)


def test_says_what_was_set_and_what_was_taken_away(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ben.user)
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, act=act)
    assert last(cast, ticket) == "Ben Baker set the priority to Urgent"
    set_due(ticket_id=ticket.pk, due_on=act.at.date(), act=act)
    assert last(cast, ticket) == "Ben Baker set the due date to 18 Nov 2026"
    set_due(ticket_id=ticket.pk, due_on=None, act=act)
    assert last(cast, ticket) == "Ben Baker removed the due date"
    set_tags(ticket_id=ticket.pk, names=["vat", "orders"], act=act)
    change_tags(ticket_id=ticket.pk, add=["billing"], remove=["vat"], act=act)
    assert last(cast, ticket) == "Ben Baker added the tag billing and removed the tag vat"
    set_team(ticket_id=ticket.pk, team=Team.objects.create(name="Design"), act=act)
    assert last(cast, ticket) == "Ben Baker handed it to the team Design"
    set_team(ticket_id=ticket.pk, team=None, act=act)
    assert last(cast, ticket) == "Ben Baker took it from the team Design"


def test_says_when_it_was_closed_and_opened_again(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ben.user)
    close_ticket(ticket_id=ticket.pk, act=act)
    assert last(cast, ticket) == "Ben Baker closed this ticket"
    reopen_ticket(ticket_id=ticket.pk, act=act)
    assert last(cast, ticket) == "Ben Baker reopened this ticket"


def test_names_the_desk_where_nobody_acted(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(None))
    assert last(cast, ticket) == "Deskhand closed this ticket"


def test_the_thread_tells_in_one_line_what_one_person_did_at_a_time(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.ben.user)
    change_assignees(ticket_id=ticket.pk, add=[cast.ben], act=act)
    set_priority(ticket_id=ticket.pk, priority=Priority.HIGH, act=act)
    follow(ticket_id=ticket.pk, agent=cast.ben, act=act)
    change_tags(ticket_id=ticket.pk, add=["vat"], act=act)
    set_priority(ticket_id=ticket.pk, priority=Priority.LOW, act=act_by(cast.ada.user))
    thread = read_thread(ticket.pk, agent=cast.ben, read_to=0)
    lines = [item for item in thread.items if isinstance(item, Line)]
    said = ["".join(part.text for part in line.parts) for line in lines]
    assert said == ["took this ticket, set the priority to High and added the tag vat", "set the priority to Low"]
