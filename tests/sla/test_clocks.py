from datetime import timedelta

import pytest

from deskhand.events import Via
from deskhand.events.models import Event
from deskhand.sla.actions.policies import NewPolicy, save_policy
from deskhand.sla.models import Clock, HoursVersion, Policy, TicketPolicy
from deskhand.sla.tasks import settle_due_clocks
from deskhand.tickets.actions.conversation import NewMessage, accept_message, hold_message, post_client_reply, reply
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.actions.properties import set_priority
from deskhand.tickets.actions.status import close_ticket, first_status_of, reopen_ticket, set_status
from deskhand.tickets.bodies import from_text
from deskhand.tickets.models import Kind, Priority, Source
from deskhand.tickets.models.labels import AfterReply
from tests.cast import NOON, Cast, act_by
from tests.sla.promises import FIRST, NEXT, SOLVED, UPDATE, at, clocks, first_response, kinds, office, promise

HOUR = timedelta(hours=1)


def settle(moment: str) -> None:
    settle_due_clocks(timestamp=int(at(moment).timestamp()))


def test_a_new_ticket_is_promised_two_working_days(cast: Cast) -> None:
    ticket = cast.ticket()
    clock = first_response(ticket)
    assert clock.due_at == at("Fri 2026-11-20 17:30")
    assert clock.warn_at == at("Fri 2026-11-20 15:30")
    assert kinds(ticket) == ["sla.policy_applied"]
    assert not Event.objects.filter(kind__startswith="sla.", is_client_visible=True).exists()


def test_an_answer_by_a_person_stops_the_first_response(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    clock = first_response(ticket)
    assert (clock.stopped_at, clock.ending, clock.breached_at) == (NOON + HOUR, "met", None)


def test_a_team_message_and_a_status_stop_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.team_message(ticket)
    set_status(ticket_id=ticket.pk, status=first_status_of(Kind.PENDING), act=act_by(cast.ben.user))
    clock = first_response(ticket)
    assert (clock.stopped_at, clock.paused_at) == (None, None)


@pytest.mark.parametrize("via", [Via.AUTOMATION, Via.SYSTEM])
def test_an_acknowledgement_by_machine_stops_nothing(cast: Cast, via: Via) -> None:
    ticket = cast.ticket()
    new = NewMessage(from_text("We have it."))
    act = act_by(cast.ben.user, via=via)
    reply(ticket_id=ticket.pk, agent=cast.ben, new=new, after=AfterReply.KEEP_OPEN, act=act)
    assert first_response(ticket).stopped_at is None


def test_an_auto_reply_of_the_client_starts_nothing(cast: Cast) -> None:
    promise(FIRST, NEXT)
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    new = NewMessage(from_text("I am away."))
    act = act_by(cast.cleo.user, at=NOON + 2 * HOUR)
    post_client_reply(ticket_id=ticket.pk, contact=cast.cleo, new=new, act=act, is_auto_reply=True)
    assert set(clocks(ticket)) == {"first_response"}


def test_a_held_message_counts_from_its_acceptance(cast: Cast) -> None:
    promise(NEXT)
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    new = NewMessage(from_text("Me too"))
    held = hold_message(ticket_id=ticket.pk, author=cast.eve.user, new=new, act=act_by(cast.eve.user))
    assert clocks(ticket) == {}
    accept_message(ticket_id=ticket.pk, message_id=held.pk, act=act_by(cast.ben.user, at=NOON + 3 * HOUR))
    assert clocks(ticket)["next_response"].started_at == NOON + 3 * HOUR


def test_a_ticket_opened_by_staff_waits_for_nobody_until_the_client_writes(cast: Cast) -> None:
    new = NewTicket(subject="News", requester=cast.cleo, author=cast.ben.user, source=Source.ADMIN)
    ticket = open_ticket(ticket=new, first=NewMessage(from_text("Your site moved.")), act=act_by(cast.ben.user))
    assert clocks(ticket) == {}
    cast.client_reply(ticket)
    assert first_response(ticket).started_at == NOON + 2 * HOUR


def test_a_ticket_of_the_teams_is_promised_an_answer_once_the_client_writes(cast: Cast) -> None:
    ticket = cast.team_ticket()
    assert clocks(ticket) == {}
    auto = NewMessage(from_text("I am away."))
    act = act_by(cast.cleo.user, at=NOON + HOUR)
    post_client_reply(ticket_id=ticket.pk, contact=cast.cleo, new=auto, act=act, is_auto_reply=True)
    assert clocks(ticket) == {}
    cast.client_reply(ticket, at=NOON + 2 * HOUR)
    assert first_response(ticket).started_at == NOON + 2 * HOUR
    assert kinds(ticket) == ["sla.policy_applied"]
    cast.staff_reply(ticket, at=NOON + 3 * HOUR)
    assert first_response(ticket).ending == "met"


def test_what_the_team_writes_first_to_the_client_is_no_answer(cast: Cast) -> None:
    promise(FIRST, UPDATE)
    ticket = cast.team_ticket()
    cast.staff_reply(ticket)
    assert list(clocks(ticket)) == ["update"]
    cast.client_reply(ticket)
    assert first_response(ticket).stopped_at is None


def test_a_closed_ticket_of_the_teams_counts_from_when_the_client_opened_it(cast: Cast) -> None:
    promise(FIRST, SOLVED)
    ticket = cast.team_ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + HOUR))
    cast.client_reply(ticket, at=NOON + 2 * HOUR)
    started = {metric: clock.started_at for metric, clock in clocks(ticket).items()}
    assert started == {"first_response": NOON + 2 * HOUR, "resolution": NOON + 2 * HOUR}


def test_a_message_let_in_starts_what_a_ticket_of_the_teams_promises(cast: Cast) -> None:
    ticket = cast.team_ticket()
    new, act = NewMessage(from_text("And me.")), act_by(cast.cleo.user, at=NOON + HOUR)
    held = hold_message(ticket_id=ticket.pk, author=cast.cleo.user, new=new, act=act)
    accept_message(ticket_id=ticket.pk, message_id=held.pk, act=act_by(cast.ben.user, at=NOON + 2 * HOUR))
    assert first_response(ticket).started_at == NOON + 2 * HOUR


def test_a_reply_awaiting_the_client_pauses_the_resolution(cast: Cast) -> None:
    promise(SOLVED)
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert clocks(ticket)["resolution"].paused_at == NOON + HOUR
    cast.client_reply(ticket, at=NOON + 5 * HOUR)
    clock = clocks(ticket)["resolution"]
    assert (clock.paused_at, clock.due_at) == (None, NOON + 52 * HOUR)
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + 6 * HOUR))
    assert clocks(ticket)["resolution"].ending == "met"


def test_warns_once_and_then_breaches_once(cast: Cast) -> None:
    ticket = cast.ticket()
    settle("Fri 2026-11-20 15:29")
    assert kinds(ticket) == ["sla.policy_applied"]
    for _ in range(2):
        settle("Fri 2026-11-20 15:30")
    assert kinds(ticket) == ["sla.policy_applied", "sla.clock_warned"]
    settle("Fri 2026-11-20 17:30")
    for _ in range(2):
        settle("Fri 2026-11-20 17:31")
    assert kinds(ticket) == ["sla.policy_applied", "sla.clock_warned", "sla.clock_breached"]
    event = Event.objects.get(kind="sla.clock_breached")
    assert event.data["due_at"] == "2026-11-20T17:30:00+00:00"
    assert (event.actor_id, event.via) == (None, "system")


def test_a_breach_is_recorded_even_when_nobody_looked_before_the_late_answer(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket, at=at("Mon 2026-11-23 10:00"))
    assert kinds(ticket) == ["sla.policy_applied", "sla.clock_breached"]
    settle("Mon 2026-11-23 10:01")
    assert kinds(ticket) == ["sla.policy_applied", "sla.clock_breached"]


def test_reopening_counts_by_todays_hours(cast: Cast) -> None:
    from deskhand.sla.actions.hours import NewHours, save_hours
    from deskhand.sla.wall_times import Interval
    from tests.sla.promises import office, run_recalculation

    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + HOUR))
    hours = office()
    week = [[Interval.between("08:00", "16:00")]] * 5 + [[], []]
    save_hours(hours_id=hours.pk, new=NewHours(hours.name, hours.zone, week), act=act_by(cast.ada.user))
    run_recalculation()
    assert first_response(ticket).due_at == at("Fri 2026-11-20 17:30")
    reopen_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=NOON + 2 * HOUR))
    assert first_response(ticket).due_at == at("Fri 2026-11-20 16:00")


def test_tickets_without_a_policy_row_live_on(cast: Cast) -> None:
    ticket = cast.ticket()
    Clock.objects.all().delete()
    TicketPolicy.objects.all().delete()
    cast.staff_reply(ticket, after=AfterReply.CLOSE)
    cast.client_reply(ticket)
    assert clocks(ticket) == {}


def test_a_calendar_without_openings_stops_no_ticket(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    urgent = NewPolicy("Urgent", office().pk, [FIRST], priorities=[Priority.URGENT])
    save_policy(new=urgent, act=act_by(cast.ada.user))
    HoursVersion.objects.create(
        hours=office(), number=99, zone="Europe/London", week=[[]] * 7, closures={}, made_at=NOON
    )
    ticket = cast.ticket()
    cast.staff_reply(ticket, after=AfterReply.CLOSE)
    reopen_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, act=act_by(cast.ben.user))
    assert clocks(ticket) == {}
    assert "cannot be counted" in caplog.text


def test_an_update_is_promised_after_each_answer(cast: Cast) -> None:
    promise(UPDATE)
    ticket = cast.ticket()
    cast.staff_reply(ticket, after=AfterReply.KEEP_OPEN)
    cast.staff_reply(ticket, after=AfterReply.KEEP_OPEN, at=NOON + 2 * HOUR)
    assert [clock.ending for clock in Clock.objects.filter(ticket=ticket).order_by("position")] == ["met", ""]


def test_the_shipped_version_is_what_the_shipped_rows_say(db: None) -> None:
    policy = Policy.objects.get()
    version = policy.versions.get()
    assert version.promised == {row.target.metric: row.target for row in policy.targets.all()}
    assert version.promised[FIRST.metric] == FIRST
