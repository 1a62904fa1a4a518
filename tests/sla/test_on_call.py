from datetime import timedelta

import pytest

from deskhand.events.models import Event
from deskhand.sla.actions.on_call import OnCallNotValid, acknowledge_alert, set_on_call
from deskhand.sla.models import Alert
from deskhand.sla.queries.on_call import agents_to_alert, on_call_agents, own_alerts
from deskhand.sla.tasks import repeat_alerts
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.actions.properties import set_category
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Category, Source, Ticket
from tests.cast import NOON, Cast, act_by

TEN_MINUTES = timedelta(minutes=10)


def critical_ticket(cast: Cast) -> Ticket:
    new = NewTicket(
        subject="No orders",
        requester=cast.cleo,
        author=cast.cleo.user,
        source=Source.PORTAL,
        category=Category.objects.get(is_business_critical=True),
    )
    return open_ticket(ticket=new, first=NewMessage(from_text("Nothing works.")), act=act_by(cast.cleo.user))


def alerts() -> list[tuple[int, list[int]]]:
    events = Event.objects.filter(kind="sla.on_call_alerted").order_by("id")
    return [(event.data["count"], event.data["agent_ids"]) for event in events]


def repeat(minutes: int) -> None:
    repeat_alerts(timestamp=int((NOON + timedelta(minutes=minutes)).timestamp()))


@pytest.fixture
def on_call(cast: Cast) -> Cast:
    set_on_call(agent_ids=[cast.ben.pk], repeat_minutes=10, act=act_by(cast.ada.user))
    return cast


def test_who_is_on_call_is_recorded_when_it_changes(on_call: Cast) -> None:
    for agent_ids in ([on_call.ben.pk], [on_call.ada.pk], [on_call.ada.pk]):
        set_on_call(agent_ids=agent_ids, repeat_minutes=10, act=act_by(on_call.ada.user))
    events = Event.objects.filter(kind="sla.on_call_changed").order_by("id")
    assert [(event.data["added_names"], event.data["removed_names"]) for event in events] == [
        (["Ben Baker"], []),
        (["Ada Admin"], ["Ben Baker"]),
    ]


def test_a_business_critical_ticket_alerts_at_once(on_call: Cast) -> None:
    ticket = critical_ticket(on_call)
    assert alerts() == [(1, [on_call.ben.pk])]
    (alert,) = own_alerts(on_call.ben)
    assert (alert.number, alert.client_name, alert.repeat_at) == (ticket.number, "Acme", NOON + TEN_MINUTES)


def test_other_tickets_alert_nobody(on_call: Cast) -> None:
    on_call.ticket()
    assert alerts() == []


def test_repeats_until_someone_takes_it_on(on_call: Cast) -> None:
    ticket = critical_ticket(on_call)
    repeat(9)
    assert len(alerts()) == 1
    repeat(10)
    repeat(10)
    assert [count for count, _ in alerts()] == [1, 2]
    repeat(21)
    acknowledge_alert(ticket_id=ticket.pk, act=act_by(on_call.ben.user, at=NOON + 2 * TEN_MINUTES))
    acknowledge_alert(ticket_id=ticket.pk, act=act_by(on_call.ada.user, at=NOON + 3 * TEN_MINUTES))
    repeat(60)
    assert [count for count, _ in alerts()] == [1, 2, 3]
    assert Alert.objects.get().acknowledged_by == on_call.ben.user
    assert Event.objects.filter(kind="sla.alert_acknowledged").count() == 1
    assert own_alerts(on_call.ben) == []


def test_an_answer_takes_it_on(on_call: Cast) -> None:
    on_call.staff_reply(critical_ticket(on_call))
    assert Alert.objects.get().acknowledged_by == on_call.ben.user


def test_a_team_message_does_not(on_call: Cast) -> None:
    on_call.team_message(critical_ticket(on_call))
    assert Alert.objects.unanswered().exists()


def test_closing_ends_the_alerts(on_call: Cast) -> None:
    close_ticket(ticket_id=critical_ticket(on_call).pk, act=act_by(on_call.ada.user))
    assert not Alert.objects.unanswered().exists()


def test_a_ticket_that_becomes_critical_alerts_once(on_call: Cast) -> None:
    ticket = on_call.ticket()
    critical = Category.objects.get(is_business_critical=True)
    for category in (critical, None, critical):
        set_category(ticket_id=ticket.pk, category=category, act=act_by(on_call.ada.user))
    assert len(alerts()) == 1


def test_alerts_everyone_who_manages_the_desk_when_nobody_is_on_call(cast: Cast) -> None:
    assert on_call_agents() == []
    assert agents_to_alert() == [cast.ada]


def test_someone_who_left_is_not_alerted(on_call: Cast) -> None:
    on_call.ben.user.is_active = False
    on_call.ben.user.save()
    assert agents_to_alert() == [on_call.ada]


def test_a_contractor_sees_only_alerts_of_own_tickets(on_call: Cast) -> None:
    set_on_call(agent_ids=[on_call.kit.pk], repeat_minutes=10, act=act_by(on_call.ada.user))
    _foreign, own = critical_ticket(on_call), critical_ticket(on_call)
    assert [alerted for _, alerted in alerts()] == [[on_call.kit.pk]] * 2
    set_assignees(ticket_id=own.pk, agents=[on_call.kit], act=act_by(on_call.ada.user))
    assert [alert.number for alert in own_alerts(on_call.kit)] == [own.number]


def test_the_list_records_who_came_and_went(on_call: Cast) -> None:
    set_on_call(agent_ids=[on_call.ada.pk], repeat_minutes=5, act=act_by(on_call.ada.user))
    data = Event.objects.filter(kind="sla.on_call_changed").latest("id").data
    assert data == {"added_names": ["Ada Admin"], "removed_names": ["Ben Baker"], "repeat_minutes": 5}


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_refuses_a_repeat_that_is_none(cast: Cast, minutes: int) -> None:
    with pytest.raises(OnCallNotValid, match="1 minute at least"):
        set_on_call(agent_ids=[], repeat_minutes=minutes, act=act_by(cast.ada.user))
