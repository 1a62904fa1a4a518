from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskhand.sla.actions.clocks import rebuild_clocks
from deskhand.sla.actions.holidays import NewHoliday, add_holiday
from deskhand.sla.clockwork import ClockState, TicketClocks
from deskhand.sla.models import Clock, TicketPolicy
from deskhand.sla.queries.states import clock_state, replayed_clocks, state_of
from deskhand.sla.queries.versions import terms_of
from deskhand.sla.tasks import settle_due_clocks
from deskhand.tickets.actions.properties import set_priority
from deskhand.tickets.actions.status import first_status_of, set_status
from deskhand.tickets.models import Kind, Priority, Ticket
from deskhand.tickets.models.labels import AfterReply, TicketSettings
from tests.cast import NOON, Cast, act_by
from tests.sla.promises import FIRST, NEXT, SOLVED, UPDATE, office, promise, run_recalculation

STEPS = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.sampled_from(
            ["client", "await", "keep", "close", "open", "pending", "spam", "closed", "team", "urgent", "holiday"]
        ),
    ),
    max_size=10,
)


def stored(ticket: Ticket) -> TicketClocks:
    """Return what the tables say of a ticket, stopped clocks included."""
    row = TicketPolicy.objects.select_related("policy_version", "hours_version").get(pk=ticket.pk)
    rows = Clock.objects.filter(ticket=ticket).select_related("policy_version", "hours_version").order_by("position")
    clocks: list[ClockState] = [
        clock_state(clock, terms_of(clock.policy_version, clock.hours_version)) for clock in rows
    ]
    return replace(state_of(row), clocks=tuple(clocks))


def do(step: str, cast: Cast, ticket: Ticket, now: datetime) -> None:
    act = act_by(cast.ben.user, at=now)
    match step:
        case "client":
            cast.client_reply(ticket, at=now)
        case "await" | "keep" | "close":
            after = {"await": AfterReply.AWAIT_CLIENT, "keep": AfterReply.KEEP_OPEN, "close": AfterReply.CLOSE}[step]
            cast.staff_reply(ticket, after=after, at=now)
        case "team":
            cast.team_message(ticket)
        case "urgent":
            set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, act=act)
        case "holiday":
            day = now.date() + timedelta(days=1)
            add_holiday(hours_id=office().pk, new=NewHoliday("Outing", day, day), act=act)
            run_recalculation(at=now)
        case _:
            set_status(ticket_id=ticket.pk, status=first_status_of(Kind(step)), act=act)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, is_for_team=st.booleans())
def test_events_alone_give_the_same_clocks(cast: Cast, steps: list[tuple[int, str]], *, is_for_team: bool) -> None:
    TicketSettings.objects.get_or_create(pk=1, defaults={"reopen_within_days": 0})
    promise(FIRST, NEXT, UPDATE, SOLVED)
    ticket, now = cast.team_ticket() if is_for_team else cast.ticket(), NOON
    for minutes, step in steps:
        now += timedelta(minutes=minutes)
        do(step, cast, ticket, now)
    end = now + timedelta(days=3)
    settle_due_clocks(timestamp=int(end.timestamp()))
    if TicketPolicy.objects.filter(pk=ticket.pk).exists():
        assert replayed_clocks(ticket.pk, now=end) == stored(ticket)
    else:
        assert is_for_team
        assert replayed_clocks(ticket.pk, now=end).clocks == ()


def test_rebuilding_restores_lost_clocks(cast: Cast) -> None:
    promise(FIRST, NEXT, SOLVED)
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    cast.client_reply(ticket)
    before = stored(ticket)
    Clock.objects.filter(ticket=ticket).delete()
    TicketPolicy.objects.filter(pk=ticket.pk).delete()
    rebuild_clocks(ticket_id=ticket.pk, act=act_by(None, at=NOON + timedelta(hours=2)))
    assert stored(ticket) == before
