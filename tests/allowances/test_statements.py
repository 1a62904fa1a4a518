"""Statements, the ledger's history and the time log, against the settlement they come from."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from deskhand.accounts.models import Agent
from deskhand.allowances.actions.locking import lock_months
from deskhand.allowances.actions.plans import NewPlan, adjust, end_plan, start_plan, top_up
from deskhand.allowances.actions.settings import (
    AllowanceSettingsNotValid,
    NewAllowanceSettings,
    change_allowance_settings,
)
from deskhand.allowances.actions.time import NewTime, delete_time, log_time
from deskhand.allowances.books import settled
from deskhand.allowances.history import ledger_of
from deskhand.allowances.ledger import Adjustment, Rollover, Terms, TopUp, Work, grants_of, settle
from deskhand.allowances.models import AllowanceSettings, Entry, Plan, TimeEntry
from deskhand.allowances.statements import NoStatement, statement_months, statement_of, statement_rows
from deskhand.allowances.time_log import TimeFilter, TimeLogQuery, time_rows, week_of
from deskhand.events.models import Event
from deskhand.tickets.actions.assignment import set_assignees
from deskhand.tickets.models import Category, Ticket
from tests.cast import NOON, Cast, act_by

TODAY = date(2026, 11, 18)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
TERMS: list[dict[str, Any]] = [
    {},
    {"rollover": Rollover.CAPPED, "cap_minutes": 120},
    {"rollover": Rollover.EXPIRING, "expires_after_months": 2},
]


def start(cast: Cast, **terms: Any) -> Plan:
    new = NewPlan(**{"name": "Care", "minutes_per_month": 480, "starts_on": SEPTEMBER, **terms})
    return start_plan(client=cast.acme, new=new, today=TODAY, act=act_by(cast.ada.user))


def log(cast: Cast, ticket: Ticket, minutes: int, on: date, *, agent: Agent | None = None) -> TimeEntry:
    agent = agent or cast.ben
    new = NewTime(work_on=on, actual_minutes=minutes, description="Fixed it")
    return log_time(ticket_id=ticket.pk, agent=agent, new=new, today=TODAY, act=act_by(agent.user))


def fill(cast: Cast, plan: Plan) -> None:
    """Write a bit of everything."""
    admin, first, second = act_by(cast.ada.user), cast.ticket("First"), cast.ticket("Second")
    log(cast, first, 400, date(2026, 9, 5))
    log(cast, first, 700, date(2026, 10, 5))
    log(cast, second, 90, date(2026, 10, 31))
    log(cast, second, 100, date(2026, 11, 2), agent=cast.ada)
    log(cast, second, 30, date(2026, 11, 3))
    delete_time(entry_id=log(cast, first, 60, date(2026, 11, 4)).pk, act=admin)
    top_up(plan_id=plan.pk, minutes=100, on=date(2026, 10, 10), expires_on=date(2026, 11, 30), act=admin)
    top_up(plan_id=plan.pk, minutes=50, on=date(2026, 9, 2), expires_on=date(2026, 9, 15), act=admin)
    adjust(plan_id=plan.pk, minutes=30, on=date(2026, 10, 2), reason="Good will", act=admin)
    adjust(plan_id=plan.pk, minutes=-15, on=date(2026, 11, 2), reason="Counted twice", act=admin)


def lock(plan: Plan, *, at: datetime = NOON) -> None:
    lock_months(plan_id=plan.pk, today=TODAY, act=act_by(None, at=at))


@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_statement_says_what_the_settlement_says(cast: Cast, terms: dict[str, Any], is_locked: bool) -> None:
    plan = start(cast, **terms)
    fill(cast, plan)
    if is_locked:
        lock(plan)
    settlement = settled([plan], until=TODAY)[plan.pk]
    for month in settlement.months:
        said = statement_of(plan, month.month, today=TODAY)
        same = ("granted", "topped_up", "adjusted", "used", "covered", "overage", "expired", "left")
        assert {name: getattr(said, name) for name in same} == {name: getattr(month, name) for name in same}
        assert said.carried_out == month.carried_out + month.top_up_left
        assert sum(use.used for use in said.tickets) == month.used
        assert sum(use.covered for use in said.tickets) == month.covered
        assert sum(given.minutes for given in said.adjustments) == month.adjusted
        assert sum(given.minutes for given in said.top_ups) == month.topped_up
        assert said.is_final == (is_locked and month.month != NOVEMBER)


@pytest.mark.parametrize("terms", TERMS)
def test_each_statement_begins_with_what_the_one_before_carried_over(cast: Cast, terms: dict[str, Any]) -> None:
    plan = start(cast, **terms)
    fill(cast, plan)
    carried = 0
    for month in (SEPTEMBER, OCTOBER, NOVEMBER):
        said = statement_of(plan, month, today=TODAY)
        assert said.carried_in == carried
        comes_in = said.granted + said.carried_in + said.topped_up + said.adjusted + said.overage
        assert comes_in - said.used == said.expired + said.carried_out
        carried = said.carried_out


minutes, days = st.integers(1, 900), st.integers(0, 150).map(lambda offset: date(2026, 1, 1) + timedelta(days=offset))


@given(
    rollover=st.sampled_from(list(Rollover)),
    work=st.lists(st.tuples(days, minutes), max_size=12),
    adjustments=st.lists(st.tuples(days, st.integers(-600, 600)), max_size=4),
    top_ups=st.lists(st.tuples(days, minutes, st.none() | st.integers(0, 90)), max_size=4),
)
def test_what_comes_into_a_month_goes_out_of_it(
    rollover: Rollover,
    work: list[tuple[date, int]],
    adjustments: list[tuple[date, int]],
    top_ups: list[tuple[date, int, int | None]],
) -> None:
    terms = Terms(480, date(2026, 1, 1), rollover=rollover, cap_minutes=200, expires_after_months=2)
    blocks = [
        TopUp(on, count, None if length is None else on + timedelta(days=length)) for on, count, length in top_ups
    ]
    until = date(2026, 6, 30)
    settlement = settle(
        terms,
        until=until,
        grants=grants_of(terms, until=until),
        work=[Work(key, on, count) for key, (on, count) in enumerate(work)],
        adjustments=[Adjustment(on, count) for on, count in adjustments],
        top_ups=blocks,
    )
    carried, top_up_left = 0, 0
    for month in settlement.months:
        assert month.carried_in == carried
        comes_in = carried + top_up_left + month.granted + month.topped_up + month.adjusted + month.overage
        assert comes_in - month.used == month.expired + month.carried_out + month.top_up_left
        carried, top_up_left = month.carried_out, month.top_up_left


def test_a_statement_names_tickets_reasons_and_what_was_free(cast: Cast) -> None:
    plan = start(cast)
    fill(cast, plan)
    bug = cast.ticket("Broken")
    Ticket.objects.filter(pk=bug.pk).update(category=Category.objects.get(slug="bug"))
    log(cast, bug, 45, date(2026, 11, 6))
    said = statement_of(plan, NOVEMBER, today=TODAY)
    assert [(use.subject, use.who, use.used) for use in said.tickets] == [
        ("Second", ("Ada Admin", "Ben Baker"), 130),
        ("Broken", ("Ben Baker",), 0),
    ]
    assert [given.reason for given in said.adjustments] == ["Counted twice"]
    rows = statement_rows(said)
    assert ["Adjustment", "2026-11-02", "Counted twice", -15, "\u221215m"] in rows
    assert rows[0] == ["Acme: Care, November 2026"]


def test_a_plan_without_a_limit_states_use_alone(cast: Cast) -> None:
    plan = start(cast, minutes_per_month=0, is_unlimited=True)
    log(cast, cast.ticket(), 125, date(2026, 11, 2))
    said = statement_of(plan, NOVEMBER, today=TODAY)
    assert (said.used, said.covered, said.overage, said.left) == (125, 125, 0, 0)
    assert [row[0] for row in statement_rows(said)][2:] == ["Used", f"Ticket {said.tickets[0].number}"]


@pytest.mark.parametrize("month", [date(2026, 8, 1), date(2026, 12, 1), date(2026, 10, 2)])
def test_there_is_no_statement_before_after_or_between_months(cast: Cast, month: date) -> None:
    with pytest.raises(NoStatement):
        statement_of(start(cast), month, today=TODAY)


def test_a_plan_ended_in_the_middle_of_a_month_has_statements_up_to_that_month(cast: Cast) -> None:
    plan = start(cast)
    end_plan(plan_id=plan.pk, ends_on=date(2026, 10, 14), act=act_by(cast.ada.user))
    plan.refresh_from_db()
    assert statement_months(plan, today=TODAY) == [OCTOBER, SEPTEMBER]
    assert statement_of(plan, OCTOBER, today=TODAY).granted == 480


@pytest.mark.parametrize("terms", TERMS)
def test_the_history_shows_every_entry_and_what_was_left_after_it(cast: Cast, terms: dict[str, Any]) -> None:
    plan = start(cast, **terms)
    fill(cast, plan)
    facts = Entry.objects.filter(plan=plan).count()
    open_months = ledger_of(plan, today=TODAY).months
    assert [month.month for month in open_months] == [NOVEMBER, OCTOBER, SEPTEMBER]
    assert [month.is_running for month in open_months] == [True, False, False]
    assert not any(month.is_final for month in open_months)
    lock(plan)
    final_months = ledger_of(plan, today=TODAY).months
    assert [(month.month, month.lines, month.left) for month in final_months] == [
        (month.month, month.lines, month.left) for month in open_months
    ]
    closing = Entry.objects.filter(plan=plan).count() - facts
    shown = sum(len(month.lines) for month in final_months)
    rolled = Entry.objects.filter(plan=plan, kind__startswith="rollover").count()
    assert shown == facts + closing - rolled
    pairs = pairwise(reversed(final_months))
    assert all(earlier.left == later.brought_in for earlier, later in pairs)
    total = Entry.objects.filter(plan=plan).aggregate(sum=Sum("minutes"))["sum"]
    assert final_months[0].left == total


def test_the_history_goes_back_page_by_page(cast: Cast) -> None:
    plan = start(cast, starts_on=date(2025, 6, 3))
    first = ledger_of(plan, today=TODAY)
    assert (len(first.months), first.older_before) == (6, date(2026, 6, 1))
    second = ledger_of(plan, today=TODAY, before=first.older_before, count=20)
    assert (second.months[0].month, second.months[-1].month) == (date(2026, 5, 1), date(2025, 6, 1))
    assert second.older_before is None
    assert ledger_of(plan, today=TODAY, before=date(2020, 1, 1)).months == ()


def asked(**more: Any) -> TimeFilter:
    first, last = week_of(TODAY)
    return TimeFilter(**{"first": first, "last": last, **more})


def test_the_time_log_adds_up_by_day_and_over_all(cast: Cast) -> None:
    plan, ticket = start(cast), cast.ticket()
    log(cast, ticket, 12, TODAY)
    log(cast, ticket, 40, TODAY - timedelta(days=1), agent=cast.ada)
    log(cast, ticket, 40, TODAY - timedelta(days=9))
    found = TimeLogQuery(cast.ada).log(asked())
    assert [(day.on, day.actual, day.charged) for day in found.days] == [
        (TODAY, 12, 15),
        (TODAY - timedelta(days=1), 40, 40),
    ]
    assert (found.actual, found.charged, found.is_cut) == (52, 55, False)
    cut = TimeLogQuery(cast.ada).log(asked(), limit=1)
    assert (len(cut.rows), cut.actual, cut.is_cut) == (1, 52, True)
    assert plan.time_entries.count() == 3


def test_the_time_log_narrows_by_agent_client_and_ticket(cast: Cast) -> None:
    ours, theirs = cast.ticket(), cast.opened_by(cast.eve)
    log(cast, ours, 10, TODAY)
    log(cast, theirs, 20, TODAY, agent=cast.ada)
    query = TimeLogQuery(cast.ada)
    assert [row.actual for row in query.log(asked(agent=cast.ada)).rows] == [20]
    assert [row.actual for row in query.log(asked(client_id=cast.acme.pk)).rows] == [10]
    assert [row.actual for row in query.log(asked(ticket_number=theirs.number)).rows] == [20]


def test_a_contractor_sees_their_own_time_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    set_assignees(ticket_id=ticket.pk, agents=[cast.kit], act=act_by(cast.ben.user))
    log(cast, ticket, 10, TODAY)
    own = log(cast, ticket, 25, TODAY, agent=cast.kit)
    query = TimeLogQuery(cast.kit)
    found = query.log(asked())
    assert [row.actual for row in found.rows] == [25]
    assert "charged" not in str(time_rows(found, with_charged=False)[0])
    assert query.entry(own.public_id) == own
    assert TimeLogQuery(cast.ben).entry(own.public_id) is None
    assert TimeLogQuery(cast.ada).entry(own.public_id) == own


def test_time_of_a_final_month_is_marked(cast: Cast) -> None:
    plan = start(cast)
    log(cast, cast.ticket(), 10, date(2026, 10, 5))
    query = TimeLogQuery(cast.ada)
    during = TimeFilter(first=OCTOBER, last=date(2026, 10, 31))
    [before] = query.log(during).rows
    lock(plan)
    [after] = query.log(during).rows
    assert (before.is_locked, before.may_change, after.is_locked, after.may_change) == (False, True, True, False)


def test_settings_are_recorded_and_hold_for_what_is_logged_next(cast: Cast) -> None:
    ticket, question = cast.ticket(), Category.objects.get(slug="question")
    new = NewAllowanceSettings(15, 30, 20, "All used up.", [question])
    change_allowance_settings(new=new, act=act_by(cast.ada.user))
    change_allowance_settings(new=new, act=act_by(cast.ada.user))
    assert log(cast, ticket, 32, TODAY).charged_minutes == 45
    event = Event.objects.get(kind="allowance_settings.changed")
    assert event.data["changes"]["rounding_minutes"] == [5, 15]
    assert list(AllowanceSettings.objects.get(pk=1).free_categories.all()) == [question]


@pytest.mark.parametrize("change", [(0, 5, 10, "x"), (5, -1, 10, "x"), (5, 5, 366, "x"), (5, 5, 10, " ")])
def test_settings_that_make_no_sense_are_refused(change: tuple[int, int, int, str]) -> None:
    with pytest.raises(AllowanceSettingsNotValid):
        NewAllowanceSettings(*change)
