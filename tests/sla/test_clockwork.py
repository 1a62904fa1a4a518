"""The clocks of a ticket, step by step, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deskhand.sla.clockwork import (
    ClientWrote,
    ClockState,
    Ending,
    Happening,
    KindChanged,
    Opened,
    StaffWrote,
    Terms,
    TermsApplied,
    TicketClocks,
    TimePassed,
    after,
    replayed,
)
from deskhand.sla.targets import Metric, Target, TargetNotValid, Unit, due_at, used_time, warn_at
from tests.sla.calendars import CALENDARS, moment

OFFICE = CALENDARS["office"]
EVERYWHERE = frozenset({"open", "pending", "snoozed"})
FIRST = Target(Metric.FIRST_RESPONSE, 2, Unit.WORKING_DAYS, EVERYWHERE, warn_minutes=120)
NEXT = Target(Metric.NEXT_RESPONSE, 480, Unit.WORKING_MINUTES, frozenset({"open"}), warn_minutes=60)
UPDATE = Target(Metric.UPDATE, 3, Unit.WORKING_DAYS, frozenset({"open"}))
SOLVED = Target(Metric.RESOLUTION, 48 * 60, Unit.CALENDAR_MINUTES, frozenset({"open"}), warn_minutes=240)


def at(text: str) -> datetime:
    return moment(OFFICE, text).astimezone(UTC)


MON_10 = at("Mon 2026-11-16 10:00")
HOUR = timedelta(hours=1)


def terms(*targets: Target, version: int = 1, hours: int = 1, calendar: str = "office") -> Terms:
    return Terms(version, hours, {target.metric: target for target in targets}, CALENDARS[calendar])


def opened(*targets: Target, start: datetime = MON_10) -> list[Happening]:
    return [Opened(start, 1), TermsApplied(start, terms(*targets)), ClientWrote(start)]


def only(state: TicketClocks) -> ClockState:
    (clock,) = state.clocks
    return clock


def test_a_first_response_is_due_at_the_end_of_the_second_working_day() -> None:
    clock = only(replayed(opened(FIRST)))
    assert clock.due_at == at("Wed 2026-11-18 17:30")
    assert clock.warn_at == at("Wed 2026-11-18 15:30")
    assert clock.is_ticking


def test_an_answer_stops_the_first_response() -> None:
    clock = only(replayed([*opened(FIRST), StaffWrote(MON_10 + HOUR, 2)]))
    assert (clock.stopped_at, clock.ending, clock.breached_at) == (MON_10 + HOUR, Ending.MET, None)


def test_a_late_answer_was_late() -> None:
    clock = only(replayed([*opened(FIRST), StaffWrote(at("Thu 2026-11-19 09:00"), 2)]))
    assert clock.ending is Ending.MET
    assert clock.breached_at == clock.due_at
    assert clock.warned_at == clock.warn_at


def test_an_answer_at_the_very_moment_it_is_due_is_in_time() -> None:
    clock = only(replayed([*opened(FIRST), StaffWrote(at("Wed 2026-11-18 17:30"), 2)]))
    assert clock.breached_at is None


def test_what_staff_say_in_opening_a_ticket_is_no_answer() -> None:
    happenings: list[Happening] = [Opened(MON_10, 1), TermsApplied(MON_10, terms(FIRST, NEXT)), StaffWrote(MON_10, 1)]
    assert replayed(happenings).clocks == ()
    clock = only(replayed([*happenings, ClientWrote(MON_10 + HOUR)]))
    assert (clock.target.metric, clock.started_at) == (Metric.FIRST_RESPONSE, MON_10 + HOUR)


def test_a_next_response_counts_from_the_first_message_nobody_answered() -> None:
    state = replayed(
        [
            *opened(FIRST, NEXT),
            StaffWrote(MON_10 + HOUR, 2),
            KindChanged(MON_10 + HOUR, "pending"),
            ClientWrote(MON_10 + 2 * HOUR),
            KindChanged(MON_10 + 2 * HOUR, "open"),
            ClientWrote(MON_10 + 3 * HOUR),
        ]
    )
    clock = state.clocks[-1]
    assert len(state.clocks) == 2
    assert (clock.target.metric, clock.started_at) == (Metric.NEXT_RESPONSE, MON_10 + 2 * HOUR)
    assert (clock.pauses, clock.is_ticking) == ((), True)
    assert clock.due_at == at("Tue 2026-11-17 11:30")


def test_a_resolution_pauses_while_the_client_is_awaited() -> None:
    state = replayed([*opened(SOLVED), KindChanged(MON_10 + HOUR, "pending")])
    assert only(state).paused_at == MON_10 + HOUR
    state = after(state, KindChanged(MON_10 + 6 * HOUR, "open"))
    assert only(state).pauses == ((MON_10 + HOUR, MON_10 + 6 * HOUR),)
    assert only(state).due_at == MON_10 + timedelta(hours=48 + 5)
    state = after(state, KindChanged(MON_10 + 7 * HOUR, "closed"))
    assert (only(state).ending, only(state).stopped_at) == (Ending.MET, MON_10 + 7 * HOUR)


def test_a_paused_clock_is_never_late() -> None:
    state = replayed([*opened(SOLVED), KindChanged(MON_10, "pending"), TimePassed(MON_10 + 1000 * HOUR)])
    assert only(state).breached_at is None


def test_a_pause_after_the_breach_excuses_nothing() -> None:
    state = replayed([*opened(SOLVED), KindChanged(MON_10 + 50 * HOUR, "pending")])
    state = after(state, KindChanged(MON_10 + 60 * HOUR, "open"))
    assert only(state).due_at == only(state).breached_at == MON_10 + 48 * HOUR


WED_20 = at("Wed 2026-11-18 20:00")
WHILE_OPEN = replace(FIRST, kinds=frozenset({"open"}))


def test_who_answers_while_it_pauses_since_the_very_moment_it_was_due_is_in_time() -> None:
    paused = replayed([*opened(WHILE_OPEN), KindChanged(at("Wed 2026-11-18 17:30"), "pending")])
    clock = only(after(paused, StaffWrote(WED_20, 2)))
    assert (clock.ending, clock.breached_at, clock.due_at) == (Ending.MET, None, WED_20)


def test_a_clock_paused_at_the_very_moment_it_was_due_is_late_only_after_the_pause() -> None:
    paused = replayed([*opened(WHILE_OPEN), KindChanged(at("Wed 2026-11-18 17:30"), "pending")])
    resumed = after(paused, KindChanged(WED_20, "open"))
    assert only(resumed).breached_at is None
    assert only(after(resumed, TimePassed(WED_20 + HOUR))).breached_at == WED_20


def test_other_terms_that_were_due_before_the_pause_were_missed() -> None:
    paused = replayed([*opened(WHILE_OPEN), KindChanged(WED_20 - 24 * HOUR, "pending")])
    assert only(paused).breached_at is None
    stricter = TermsApplied(WED_20, terms(replace(NEXT, metric=Metric.FIRST_RESPONSE, amount=60), version=2))
    assert only(after(paused, stricter)).breached_at == MON_10 + HOUR


def test_other_terms_that_are_due_within_the_pause_were_not() -> None:
    paused = replayed([*opened(replace(WHILE_OPEN, amount=1)), KindChanged(WED_20 - 24 * HOUR, "pending")])
    assert only(paused).breached_at is not None
    assert only(after(paused, TermsApplied(WED_20, terms(WHILE_OPEN, version=2)))).breached_at is None


def test_closing_cancels_what_nobody_waits_for_any_more() -> None:
    clock = only(replayed([*opened(FIRST), KindChanged(MON_10 + HOUR, "closed")]))
    assert clock.ending is Ending.CANCELED


def test_a_client_who_reopens_waits_from_then_on() -> None:
    state = replayed(
        [
            *opened(FIRST, NEXT, SOLVED),
            StaffWrote(MON_10 + HOUR, 2),
            KindChanged(MON_10 + HOUR, "closed"),
            ClientWrote(MON_10 + 30 * HOUR),
            KindChanged(MON_10 + 30 * HOUR, "open"),
        ]
    )
    running = {clock.target.metric: clock.started_at for clock in state.clocks if clock.stopped_at is None}
    assert running == dict.fromkeys([Metric.NEXT_RESPONSE, Metric.RESOLUTION], MON_10 + 30 * HOUR)


def test_reopening_an_unanswered_ticket_promises_a_first_response_anew() -> None:
    state = replayed([*opened(FIRST), KindChanged(MON_10, "closed"), KindChanged(MON_10 + HOUR, "open")])
    assert [clock.started_at for clock in state.clocks] == [MON_10, MON_10 + HOUR]
    assert state.clocks[1].is_ticking


def test_every_message_of_staff_promises_the_next_update() -> None:
    state = replayed([*opened(UPDATE), StaffWrote(MON_10, 2), StaffWrote(MON_10 + HOUR, 3)])
    assert [clock.ending for clock in state.clocks] == [Ending.MET, None]
    assert state.clocks[1].due_at == at("Thu 2026-11-19 17:30")


def test_spam_pauses() -> None:
    assert only(replayed([*opened(FIRST), KindChanged(MON_10, "spam")])).paused_at == MON_10


def test_new_terms_hold_from_the_start_of_running_clocks() -> None:
    shorter = replace(FIRST, amount=1)
    state = replayed([*opened(FIRST), TermsApplied(MON_10 + HOUR, terms(shorter, version=2))])
    assert only(state).due_at == at("Tue 2026-11-17 17:30")


def test_a_breach_is_taken_back_when_the_calendar_puts_it_off() -> None:
    thursday = at("Thu 2026-11-19 08:00")
    state = after(replayed(opened(FIRST)), TimePassed(thursday))
    assert only(state).breached_at is not None
    state = after(state, TermsApplied(thursday, terms(FIRST, hours=2, calendar="part")))
    clock = only(state)
    assert (clock.due_at, clock.breached_at, clock.warned_at) == (at("Thu 2026-11-19 17:30"), None, None)


def test_stopped_clocks_are_never_rewritten() -> None:
    answered = replayed([*opened(FIRST), StaffWrote(MON_10 + HOUR, 2)])
    assert (
        after(answered, TermsApplied(MON_10 + 2 * HOUR, terms(FIRST, hours=2, calendar="uk"))).clocks == answered.clocks
    )


def test_a_policy_that_no_longer_promises_cancels() -> None:
    state = replayed([*opened(FIRST), TermsApplied(MON_10 + HOUR, terms(NEXT, version=2))])
    assert only(state).ending is Ending.CANCELED


def test_a_policy_that_promises_more_counts_from_when_it_began() -> None:
    state = replayed([*opened(NEXT), TermsApplied(MON_10 + HOUR, terms(FIRST, version=2))])
    assert (only(state).target.metric, only(state).started_at) == (Metric.FIRST_RESPONSE, MON_10)


@pytest.mark.parametrize(
    "changes", [{"amount": 0}, {"amount": -5}, {"amount": 366}, {"kinds": frozenset()}, {"warn_minutes": -1}]
)
def test_refuses_a_target_that_promises_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(TargetNotValid):
        replace(FIRST, **changes)  # type: ignore[arg-type]  # dataclasses' own signature is untyped


PAUSES = st.lists(st.integers(0, 6000), min_size=2, max_size=8, unique=True).map(
    lambda ends: [
        (MON_10 + timedelta(minutes=a), MON_10 + timedelta(minutes=b))
        for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)
    ]
)


@given(PAUSES)
def test_pauses_give_back_exactly_the_time_they_took(pauses: list[tuple[datetime, datetime]]) -> None:
    for target in (NEXT, SOLVED):
        due = due_at(target, OFFICE, MON_10, pauses)
        before = [pause for pause in pauses if pause[0] <= due]
        assert used_time(target, OFFICE, MON_10, due, before) == timedelta(minutes=target.amount)
        assert (warn_at(target, OFFICE, MON_10, due) or due) <= due


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from(["client", "staff", "open", "pending", "snoozed", "spam", "closed", "time", "terms"]),
    ),
    max_size=12,
)


def happening_of(step: str, now: datetime, number: int) -> Happening:
    match step:
        case "client":
            return ClientWrote(now)
        case "staff":
            return StaffWrote(now, number)
        case "time":
            return TimePassed(now)
        case "terms":
            return TermsApplied(now, terms(WHILE_OPEN, replace(NEXT, amount=60), SOLVED, version=number))
    return KindChanged(now, step)


@given(STEPS)
@example([(0, "staff"), (0, "client"), (1410, "pending"), (1, "staff")])
@example([(0, "staff"), (0, "closed"), (0, "client"), (1411, "pending"), (0, "staff")])
def test_keeps_its_rules_whatever_happens(steps: list[tuple[int, str]]) -> None:
    state, now = replayed(opened(FIRST, NEXT, UPDATE, SOLVED)), MON_10
    for number, (minutes, step) in enumerate(steps, 2):
        now += timedelta(minutes=minutes)
        happening = happening_of(step, now, number)
        state = after(state, happening)
        running = [clock.target.metric for clock in state.clocks if clock.stopped_at is None]
        assert len(running) == len(set(running))
        assert not (state.kind == "closed" and running)
        for clock in state.clocks:
            assert clock.due_at > clock.started_at
            assert all(first < last for first, last in clock.pauses)
            assert clock.stopped_at is None or (clock.ending and clock.paused_at is None)
            assert (clock.breached_at is not None) or clock.stopped_at is None or clock.stopped_at <= clock.due_at
            assert clock.stopped_at or clock.is_ticking == (state.kind in clock.target.kinds)
    assert [clock.position for clock in state.clocks] == list(range(state.clock_count))
