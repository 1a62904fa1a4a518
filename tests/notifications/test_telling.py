"""Who is told of what."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.accounts.actions.agents import deactivate_agent
from deskhand.accounts.actions.teams import create_team, set_members
from deskhand.accounts.models import Agent
from deskhand.allowances.actions.estimates import ask_approval, decide
from deskhand.clients.models import Client
from deskhand.events.models import Event
from deskhand.mail.actions.reports import note_failure
from deskhand.mail.models import Delivery
from deskhand.notifications.actions.choosing import choose
from deskhand.notifications.actions.telling import tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Notification
from deskhand.notifications.queries.recipients import recipients_of
from deskhand.notifications.topics import BOTH, NEITHER, Topic
from deskhand.notifications.words import sentence
from deskhand.sla.actions.on_call import acknowledge_alert, repeat_alert, set_on_call
from deskhand.sla.tasks import settle_due_clocks
from deskhand.tickets.actions.assignment import follow, set_team
from deskhand.tickets.actions.chasing import ask_for_update
from deskhand.tickets.actions.conversation import NewMessage, accept_message, hold_message, post_client_reply
from deskhand.tickets.actions.properties import set_category
from deskhand.tickets.actions.rating import rate
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.bodies import Body, from_text
from deskhand.tickets.models import Category, Verdict
from tests.cast import NOON, Cast, act_by
from tests.notifications.conftest import LATER, Crier, assign, told


def mentioning(agent: Agent, text: str = "look") -> Body:
    """Return a text that mentions an agent."""
    mention = {"type": "mention", "attrs": {"id": agent.pk, "label": agent.name}}
    words = {"type": "text", "text": f" {text}", "marks": []}
    document = {"type": "doc", "content": [{"type": "paragraph", "content": [mention, words]}]}
    return Body(html=f"<p>@{agent.name} {text}</p>", text=f"@{agent.name} {text}", document=document)


def test_an_assignee_is_told_once_and_not_by_their_own_hand(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ada, cast.ben])
    crier.tell()
    crier.done = 0
    crier.tell()
    assert told(cast.ben) == [Topic.ASSIGNED]
    assert told(cast.ada) == []


def test_who_is_assigned_or_follows_is_told_what_a_client_writes(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    follow(ticket_id=ticket.pk, agent=cast.ada, act=act_by(cast.ada.user))
    crier.skip()
    cast.client_reply(ticket)
    crier.tell()
    assert told(cast.ben) == told(cast.ada) == [Topic.CLIENT_MESSAGE]
    assert told(cast.kit) == []


def test_nobody_is_told_of_a_machines_answer(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    crier.skip()
    new = NewMessage(from_text("I am away."))
    act = act_by(cast.cleo.user)
    post_client_reply(ticket_id=ticket.pk, contact=cast.cleo, new=new, act=act, is_auto_reply=True)
    crier.tell()
    assert told(cast.ben) == []


def test_a_held_message_is_told_of_at_once_and_when_it_is_let_in(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben, cast.ada])
    crier.skip()
    new = NewMessage(from_text("It is me."))
    held = hold_message(ticket_id=ticket.pk, author=cast.eve.user, new=new, act=act_by(cast.eve.user))
    crier.tell()
    assert told(cast.ben) == told(cast.ada) == [Topic.MESSAGE_HELD]
    accept_message(ticket_id=ticket.pk, message_id=held.pk, act=act_by(cast.ada.user))
    crier.tell()
    assert told(cast.ben) == [Topic.MESSAGE_HELD, Topic.CLIENT_MESSAGE]
    assert told(cast.ada) == [Topic.MESSAGE_HELD]


def test_a_mention_is_told_instead_of_the_team_message(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    follow(ticket_id=ticket.pk, agent=cast.ada, act=act_by(cast.ada.user))
    crier.skip()
    new = NewMessage(mentioning(cast.kit))
    post_team_message(ticket_id=ticket.pk, agent=cast.ben, new=new, act=act_by(cast.ben.user))
    crier.tell()
    assert told(cast.kit) == [Topic.MENTIONED]
    assert told(cast.ada) == [Topic.TEAM_MESSAGE]
    assert told(cast.ben) == []


def test_a_team_is_told_when_a_ticket_is_handed_to_it(cast: Cast, crier: Crier) -> None:
    team = create_team(name="Support", act=act_by(cast.ada.user))
    set_members(team_id=team.pk, agents=[cast.ada, cast.ben], act=act_by(cast.ada.user))
    ticket = cast.ticket()
    set_team(ticket_id=ticket.pk, team=team, act=act_by(cast.ada.user))
    crier.tell()
    assert told(cast.ben) == [Topic.TEAM_ASSIGNED]
    assert told(cast.ada) == []


def test_assignee_and_account_manager_are_told_of_a_chase(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ada])
    crier.skip()
    ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act_by(cast.cleo.user))
    crier.tell()
    assert told(cast.ada) == [Topic.CHASED]
    assert told(cast.ben) == [Topic.CHASED]  # Acme's account manager
    assert told(cast.kit) == []


def test_promises_warn_and_are_missed_once(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    crier.skip()
    for hours in range(2, 100, 2):
        settle_due_clocks(timestamp=int((NOON + timedelta(hours=hours)).timestamp()))
    crier.tell()
    assert told(cast.ben) == [Topic.PROMISE_WARNED, Topic.PROMISE_BREACHED]
    warned = Notification.objects.get(topic=Topic.PROMISE_WARNED)
    assert (warned.is_in_app, warned.mail_due_at) == (True, None)


def test_agents_on_call_are_told_at_each_round_until_someone_takes_it_on(cast: Cast, crier: Crier) -> None:
    set_on_call(agent_ids=[cast.ben.pk], repeat_minutes=10, act=act_by(cast.ada.user))
    ticket = cast.ticket()
    category = Category.objects.filter(is_business_critical=True)[0]
    set_category(ticket_id=ticket.pk, category=category, act=act_by(cast.ada.user))
    crier.tell()
    repeat_alert(ticket_id=ticket.pk, act=act_by(None, at=NOON + timedelta(minutes=10)))
    crier.tell()
    acknowledge_alert(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + timedelta(minutes=15)))
    repeat_alert(ticket_id=ticket.pk, act=act_by(None, at=NOON + timedelta(minutes=20)))
    crier.done = 0
    crier.tell()
    assert told(cast.ben) == [Topic.ON_CALL, Topic.ON_CALL]
    assert told(cast.ada) == []


def test_somebody_always_hears_of_a_message_that_waits_to_be_let_in(cast: Cast, crier: Crier) -> None:
    """Even in an agent's own name, for it may be forged."""
    Client.objects.update(account_manager=None)
    ticket = cast.ticket()
    act = act_by(cast.dev.user)
    crier.skip()
    hold_message(ticket_id=ticket.pk, author=cast.dev.user, new=NewMessage(from_text("Me too.")), act=act)
    crier.tell()
    assert (told(cast.ada), told(cast.ben)) == ([Topic.MESSAGE_HELD], [])
    assign(cast, ticket, [cast.ben])
    crier.skip()
    own = act_by(cast.ben.user)
    new = NewMessage(from_text("Not mine."))
    hold_message(ticket_id=ticket.pk, author=cast.ben.user, new=new, act=own, is_from_client=False)
    crier.tell()
    assert Topic.MESSAGE_HELD in told(cast.ben)
    assert told(cast.ada) == [Topic.MESSAGE_HELD]


def test_the_author_is_told_that_a_reply_did_not_arrive(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ada])
    cast.staff_reply(ticket)
    crier.skip()
    note_failure(Delivery.objects.get().pk, "550 5.1.1 no such user", is_proven=True, at=LATER)
    crier.tell()
    assert told(cast.ben) == [Topic.MAIL_TROUBLED]
    assert told(cast.ada) == []
    notice = Notification.objects.get(agent=cast.ben)
    assert sentence(notice, LATER, who="") == "Your reply did not reach Cleo Clarke"
    notice.figures = {"state": "unclear"}
    assert sentence(notice, LATER, who="") == "Nobody knows whether your reply reached someone"


def test_a_notice_that_did_not_arrive_is_told_to_nobody(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    crier.tell_and_mail()
    note_failure(
        Delivery.objects.get(address="ben@desk.example").pk, "550 5.1.1 no such user", is_proven=True, at=LATER
    )
    crier.tell()
    assert told(cast.ben) == [Topic.ASSIGNED]


def test_a_rating_is_told_to_those_responsible(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ada])
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ada.user))
    crier.skip()
    rate(ticket_id=ticket.pk, contact=cast.cleo, verdict=Verdict.GOOD, comment="", act=act_by(cast.cleo.user))
    crier.tell()
    assert told(cast.ada) == told(cast.ben) == [Topic.RATED]


@pytest.mark.parametrize("approve", [True, False])
def test_who_asked_for_extra_work_is_told_what_the_client_decided(cast: Cast, crier: Crier, *, approve: bool) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ada])
    act = act_by(cast.ben.user)
    estimate = ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=90, description="Move the cart", act=act)
    crier.skip()
    decide(estimate_id=estimate.pk, contact=cast.cleo, approve=approve, act=act_by(cast.cleo.user))
    (mail,) = crier.tell_and_mail()
    assert mail.recipients_line == "ben@desk.example"
    decided = "approved" if approve else "declined"
    assert mail.subject.startswith(f"Cleo Clarke {decided} 1h 30m of extra work: ")
    assert told(cast.ada) == []


def test_new_tickets_are_told_to_those_who_asked_and_may_see_them(cast: Cast, crier: Crier) -> None:
    for agent in (cast.ada, cast.kit):
        choose(agent=agent, wanted={Topic.NEW_TICKET: BOTH})
    cast.ticket()
    crier.tell()
    assert told(cast.ada) == [Topic.NEW_TICKET]
    assert told(cast.ben) == told(cast.kit) == []


def test_who_wants_to_hear_nothing_hears_nothing(cast: Cast, crier: Crier) -> None:
    choose(agent=cast.ben, wanted={Topic.ASSIGNED: NEITHER})
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben])
    crier.tell()
    assert told(cast.ben) == []


def test_alerts_on_call_cannot_be_switched_off(cast: Cast, crier: Crier) -> None:
    choose(agent=cast.ben, wanted={Topic.ON_CALL: NEITHER})
    ticket = cast.ticket()
    happening = Happening(
        topic=Topic.ON_CALL, ticket_id=ticket.pk, at=NOON, agent_ids=(cast.ben.pk,), figures={"count": 1}
    )
    tell(happening, now=NOON)
    assert Notification.objects.get(agent=cast.ben).mail_due_at == NOON


def test_who_left_or_may_not_see_the_ticket_is_told_nothing(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket()
    assign(cast, ticket, [cast.ben, cast.kit])
    deactivate_agent(agent_id=cast.ben.pk, act=act_by(cast.ada.user))
    assign(cast, ticket, [])
    crier.tell()
    assert told(cast.ben) == told(cast.kit) == []


def test_jobs_hold_no_text(cast: Cast, crier: Crier) -> None:
    ticket = cast.ticket(text="Password is hunter2.")
    assign(cast, ticket, [cast.ben])
    cast.client_reply(ticket, "hunter2")
    cast.team_message(ticket, "hunter2")
    crier.tell()
    assert Event.objects.exists()
    figures = Notification.objects.values_list("figures", flat=True)
    assert all("hunter2" not in str(one) for one in figures)


@pytest.mark.parametrize("count", [1, 4])
def test_the_same_happening_twice_is_told_once(cast: Cast, crier: Crier, count: int) -> None:
    ticket = cast.ticket()
    happening = Happening(topic=Topic.ASSIGNED, ticket_id=ticket.pk, at=NOON, agent_ids=(cast.ben.pk,))
    for _ in range(count):
        tell(happening, now=LATER)
    assert told(cast.ben) == [Topic.ASSIGNED]


def test_who_is_concerned_is_found_without_the_other_tickets_of_the_agents(cast: Cast) -> None:
    happening = Happening(topic=Topic.CLIENT_MESSAGE, at=NOON, ticket_id=cast.ticket().pk)
    with CaptureQueriesContext(connection) as queries:
        recipients_of(happening)
    concerned = queries.captured_queries[0]["sql"]
    assert "tickets_assignment" in concerned
    assert not re.search("JOIN .tickets_(assignment|follow)", concerned)


def deferred() -> int:
    return ProcrastinateJob.objects.filter(task_name="notifications.tell").count()


def test_no_job_is_made_of_what_concerns_nobody(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.client_reply(ticket)
    assert deferred() == 0


def test_a_job_is_made_for_who_is_assigned_or_follows(cast: Cast) -> None:
    assigned, followed = cast.ticket(), cast.ticket("Another")
    assign(cast, assigned, [cast.ben])
    follow(ticket_id=followed.pk, agent=cast.kit, act=act_by(cast.kit.user))
    before = deferred()
    cast.client_reply(assigned)
    cast.client_reply(followed)
    assert deferred() == before + 2


def test_a_job_is_made_of_a_new_ticket_once_somebody_wants_to_hear_of_them(cast: Cast) -> None:
    choose(agent=cast.ben, wanted={Topic.NEW_TICKET: BOTH})
    cast.ticket()
    assert deferred() == 1
