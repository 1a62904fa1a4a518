from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Sum

from deskhand.allowances.actions.estimates import EstimateAlreadyDecided, EstimateNotValid, ask_approval, decide
from deskhand.allowances.actions.locking import MonthIsLocked, ReasonMissing, lock_months, reopen_month
from deskhand.allowances.actions.plans import (
    MinutesNotValid,
    NewPlan,
    PlanNotValid,
    adjust,
    end_plan,
    grant_months,
    start_plan,
    top_up,
)
from deskhand.allowances.actions.time import (
    AllowanceUsedUp,
    ApprovalNeeded,
    NewTime,
    TimeNotValid,
    correct_time,
    delete_time,
    log_time,
)
from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import Alert, Entry, EntryKind, Overage, Plan, TimeEntry
from deskhand.allowances.queries import BoxState, boxes_for, charged_on, clients_over, time_by_ticket
from deskhand.events.models import Event
from deskhand.tickets.models import Category, Ticket
from tests.cast import NOON, Cast, act_by

TODAY = date(2026, 11, 18)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return start(cast)


def start(cast: Cast, **terms: Any) -> Plan:
    new = NewPlan(**{"name": "Care", "minutes_per_month": 480, "starts_on": date(2026, 9, 1), **terms})
    return start_plan(client=cast.acme, new=new, today=TODAY, act=act_by(cast.ada.user))


def log(cast: Cast, ticket: Ticket, minutes: int, *, on: date = TODAY, **more: Any) -> TimeEntry:
    new = NewTime(work_on=on, actual_minutes=minutes, description="Fixed it", **more)
    return log_time(ticket_id=ticket.pk, agent=cast.ben, new=new, today=TODAY, act=act_by(cast.ben.user))


def test_a_new_plan_grants_every_month_since_its_start_once(cast: Cast, plan: Plan) -> None:
    grant_months(plan_id=plan.pk, today=TODAY, act=act_by(None))
    months = Entry.objects.filter(plan=plan, kind=EntryKind.GRANT).order_by("on").values_list("on", flat=True)
    assert list(months) == [date(2026, 9, 1), date(2026, 10, 1), NOVEMBER]


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(380, BoxState.OK), (385, BoxState.WARN), (475, BoxState.WARN), (480, BoxState.OVER), (510, BoxState.OVER)],
)
def test_the_box_turns_amber_then_red(cast: Cast, plan: Plan, minutes: int, state: BoxState) -> None:
    log(cast, cast.ticket(), minutes)
    [box] = boxes_for(cast.acme, today=TODAY)
    assert (box.state, box.used, box.allowance) == (state, minutes, 480)
    assert (box.left, box.over) == (max(0, 480 - minutes), max(0, minutes - 480))
    assert box.resets_on == date(2026, 12, 1)


def test_a_client_without_a_plan_has_no_box(cast: Cast) -> None:
    log(cast, cast.ticket(), 30)
    assert boxes_for(cast.acme, today=TODAY) == []
    assert not Entry.objects.exists()


def test_an_unlimited_plan_only_counts(cast: Cast) -> None:
    start(cast, minutes_per_month=0, is_unlimited=True)
    log(cast, cast.ticket(), 600)
    [box] = boxes_for(cast.acme, today=TODAY)
    assert (box.state, box.used) == (BoxState.UNLIMITED, 600)


def test_bug_reports_never_consume(cast: Cast, plan: Plan) -> None:
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(category=Category.objects.get(slug="bug"))
    assert log(cast, ticket, 60).charged_minutes == 0
    assert boxes_for(cast.acme, today=TODAY)[0].used == 0


def test_work_is_rounded_up_to_the_step(cast: Cast, plan: Plan) -> None:
    assert [log(cast, cast.ticket(), minutes).charged_minutes for minutes in (1, 5, 6, 61)] == [5, 5, 10, 65]


def test_charged_minutes_can_be_overridden_with_a_note(cast: Cast, plan: Plan) -> None:
    with pytest.raises(TimeNotValid, match="why"):
        log(cast, cast.ticket(), 30, charged_minutes=0)
    assert log(cast, cast.ticket(), 30, charged_minutes=0, charge_note="our mistake").charged_minutes == 0


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_refuses_senseless_minutes(minutes: int) -> None:
    with pytest.raises(TimeNotValid):
        NewTime(work_on=TODAY, actual_minutes=minutes, description="x")


def test_refuses_work_in_the_future(cast: Cast, plan: Plan) -> None:
    with pytest.raises(TimeNotValid, match="future"):
        log(cast, cast.ticket(), 30, on=date(2026, 11, 20))


def test_sending_the_same_time_twice_logs_once(cast: Cast, plan: Plan) -> None:
    ticket = cast.ticket()
    for _ in range(2):
        log(cast, ticket, 30, submission_key="k")
    assert charged_on(ticket) == 30


def test_correcting_and_deleting_leave_the_right_sum(cast: Cast, plan: Plan) -> None:
    entry = log(cast, cast.ticket(), 60)
    new = NewTime(work_on=date(2026, 10, 30), actual_minutes=90, description="longer")
    correct_time(entry_id=entry.pk, new=new, act=act_by(cast.ben.user))
    box = boxes_for(cast.acme, today=TODAY)[0]
    assert (box.used, box.bars[-2].used) == (0, 90)
    for _ in range(2):
        delete_time(entry_id=entry.pk, act=act_by(cast.ben.user))
    assert boxes_for(cast.acme, today=TODAY)[0].bars[-2].used == 0
    assert Entry.objects.filter(kind=EntryKind.USE).aggregate(sum=Sum("minutes"))["sum"] == 0


def test_several_thresholds_crossed_at_once_are_one_fact(cast: Cast, plan: Plan) -> None:
    log(cast, cast.ticket(), 480)
    log(cast, cast.ticket(), 30)
    events = Event.objects.filter(kind="allowance.running_out")
    assert [event.data["percents"] for event in events] == [[80, 95, 100]]
    assert Alert.objects.count() == 3


def test_a_plan_may_stop_work_at_its_edge(cast: Cast) -> None:
    start(cast, overage=Overage.STOP)
    log(cast, cast.ticket(), 480)
    with pytest.raises(AllowanceUsedUp, match="5 minutes over"):
        log(cast, cast.ticket(), 5)
    assert TimeEntry.objects.count() == 1


def test_work_over_the_edge_waits_for_approval(cast: Cast) -> None:
    start(cast, overage=Overage.NEEDS_APPROVAL)
    ticket = cast.ticket()
    log(cast, ticket, 480)
    with pytest.raises(ApprovalNeeded):
        log(cast, ticket, 60)
    estimate = ask_approval(
        ticket_id=ticket.pk, agent=cast.ben, minutes=60, description="Map", act=act_by(cast.ben.user)
    )
    decide(estimate_id=estimate.pk, contact=cast.cleo, approve=True, act=act_by(cast.cleo.user))
    log(cast, ticket, 60)
    assert boxes_for(cast.acme, today=TODAY)[0].over == 60


def test_an_approval_clicked_twice_counts_once(cast: Cast, plan: Plan) -> None:
    estimate = ask_approval(
        ticket_id=cast.ticket().pk, agent=cast.ben, minutes=60, description="Map", act=act_by(cast.ben.user)
    )
    for _ in range(2):
        decide(estimate_id=estimate.pk, contact=cast.cleo, approve=True, act=act_by(cast.cleo.user))
    assert Event.objects.filter(kind="estimate.decided").count() == 1
    with pytest.raises(EstimateAlreadyDecided, match="approved"):
        decide(estimate_id=estimate.pk, contact=cast.dev, approve=False, act=act_by(cast.dev.user))


def test_one_estimate_waits_at_a_time(cast: Cast, plan: Plan) -> None:
    ticket = cast.ticket()
    ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=60, description="a", act=act_by(cast.ben.user))
    with pytest.raises(EstimateNotValid, match="waits"):
        ask_approval(ticket_id=ticket.pk, agent=cast.ben, minutes=5, description="b", act=act_by(cast.ben.user))


def lock(plan: Plan, *, at: datetime = NOON) -> None:
    lock_months(plan_id=plan.pk, today=TODAY, act=act_by(None, at=at))


def test_months_lock_ten_days_after_their_end(cast: Cast, plan: Plan) -> None:
    lock(plan)
    assert list(plan.locks.order_by("month").values_list("month", flat=True)) == [date(2026, 9, 1), date(2026, 10, 1)]


@pytest.mark.parametrize("change", ["log", "correct", "delete", "adjust", "top_up"])
def test_a_locked_month_refuses_every_change(cast: Cast, plan: Plan, change: str) -> None:
    ticket, act, october = cast.ticket(), act_by(cast.ben.user), date(2026, 10, 5)
    entry = log(cast, ticket, 60, on=october)
    lock(plan)
    new = NewTime(work_on=TODAY, actual_minutes=5, description="x")
    changes: dict[str, Callable[[], object]] = {
        "log": lambda: log(cast, ticket, 30, on=october),
        "correct": lambda: correct_time(entry_id=entry.pk, new=new, act=act),
        "delete": lambda: delete_time(entry_id=entry.pk, act=act),
        "adjust": lambda: adjust(plan_id=plan.pk, minutes=5, on=october, reason="x", act=act),
        "top_up": lambda: top_up(plan_id=plan.pk, minutes=5, on=october, expires_on=None, act=act),
    }
    before = Entry.objects.count()
    with pytest.raises(MonthIsLocked, match="October 2026"):
        changes[change]()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("rollover", list(Rollover))
def test_the_ledger_of_locked_months_adds_up_to_what_begins_the_next(cast: Cast, rollover: Rollover) -> None:
    plan = start(cast, rollover=rollover, cap_minutes=120, expires_after_months=2)
    log(cast, cast.ticket(), 400, on=date(2026, 9, 5))
    log(cast, cast.ticket(), 700, on=date(2026, 10, 5))
    top_up(plan_id=plan.pk, minutes=100, on=date(2026, 10, 1), expires_on=None, act=act_by(None))
    lock(plan)
    total = Entry.objects.filter(plan=plan, on__lt=NOVEMBER).aggregate(sum=Sum("minutes"))["sum"]
    assert total == (0 if rollover == Rollover.NONE else total)
    starts = Entry.objects.filter(plan=plan, on=NOVEMBER).aggregate(sum=Sum("minutes"))["sum"]
    assert total + starts == boxes_for(cast.acme, today=TODAY)[0].left


def test_a_reopened_month_locks_again_with_the_difference_alone(cast: Cast, plan: Plan) -> None:
    lock(plan)
    reopen_month(plan_id=plan.pk, month=date(2026, 10, 1), reason="forgot an hour", act=act_by(cast.ada.user))
    log(cast, cast.ticket(), 60, on=date(2026, 10, 5))
    lock(plan, at=NOON + timedelta(hours=23))
    assert Entry.objects.filter(plan=plan, kind=EntryKind.EXPIRY, on=date(2026, 10, 31)).count() == 1
    lock(plan, at=NOON + timedelta(hours=25))
    expired = Entry.objects.filter(plan=plan, kind=EntryKind.EXPIRY, on=date(2026, 10, 31))
    assert sorted(expired.values_list("minutes", flat=True)) == [-480, 60]
    assert Event.objects.get(kind="allowance.month_reopened").data["reason"] == "forgot an hour"


def test_reopening_a_month_mends_what_later_final_months_began_with(cast: Cast) -> None:
    plan = start(cast, rollover=Rollover.CAPPED, cap_minutes=480)
    lock(plan)
    reopen_month(plan_id=plan.pk, month=date(2026, 9, 1), reason="forgot an hour", act=act_by(cast.ada.user))
    log(cast, cast.ticket(), 60, on=date(2026, 9, 5))
    lock(plan, at=NOON + timedelta(hours=25))
    [box] = boxes_for(cast.acme, today=TODAY)
    assert Entry.objects.filter(plan=plan).aggregate(sum=Sum("minutes"))["sum"] == box.left


def test_opening_a_month_that_is_not_final_changes_nothing(cast: Cast, plan: Plan) -> None:
    assert not reopen_month(plan_id=plan.pk, month=NOVEMBER, reason="why not", act=act_by(cast.ada.user))
    assert not Event.objects.filter(kind="allowance.month_reopened").exists()
    with pytest.raises(ReasonMissing):
        reopen_month(plan_id=plan.pk, month=NOVEMBER, reason=" ", act=act_by(cast.ada.user))


def test_deleted_work_cannot_be_corrected(cast: Cast, plan: Plan) -> None:
    entry = log(cast, cast.ticket(), 60)
    delete_time(entry_id=entry.pk, act=act_by(cast.ben.user))
    with pytest.raises(TimeNotValid, match="deleted"):
        correct_time(
            entry_id=entry.pk,
            new=NewTime(work_on=TODAY, actual_minutes=30, description="Again"),
            act=act_by(cast.ben.user),
        )
    assert boxes_for(cast.acme, today=TODAY)[0].used == 0


def test_work_moved_to_another_plans_time_goes_to_that_plan(cast: Cast, plan: Plan) -> None:
    entry = log(cast, cast.ticket(), 60, on=date(2026, 11, 5))
    end_plan(plan_id=plan.pk, ends_on=date(2026, 11, 10), act=act_by(cast.ada.user))
    later = start(cast, name="Care plus", starts_on=date(2026, 11, 11))
    new = NewTime(work_on=date(2026, 11, 12), actual_minutes=45, description="Moved")
    moved = correct_time(entry_id=entry.pk, new=new, act=act_by(cast.ben.user))
    assert moved.plan == later
    assert [box.used for box in boxes_for(cast.acme, today=TODAY)] == [45, 0]


@pytest.mark.parametrize(
    ("minutes", "on", "complaint"),
    [
        (5, date(2026, 8, 31), "starts on"),
        (5, date(2028, 1, 1), "within the next year"),
        (200_000, TODAY, "At most"),
        (0, TODAY, "Enter"),
    ],
)
def test_minutes_by_hand_have_a_place_in_time(cast: Cast, plan: Plan, minutes: int, on: date, complaint: str) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(MinutesNotValid, match=complaint):
        adjust(plan_id=plan.pk, minutes=minutes, on=on, reason="Good will", act=act)
    with pytest.raises(MinutesNotValid, match=complaint):
        top_up(plan_id=plan.pk, minutes=minutes, on=on, expires_on=None, act=act)


def test_a_plan_without_a_limit_has_nothing_to_adjust(cast: Cast) -> None:
    plan = start(cast, minutes_per_month=0, is_unlimited=True)
    with pytest.raises(MinutesNotValid, match="no limit"):
        adjust(plan_id=plan.pk, minutes=5, on=TODAY, reason="x", act=act_by(cast.ada.user))


def test_nobody_can_rewrite_the_ledger(cast: Cast, plan: Plan) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(minutes=1)


def test_a_plan_ended_in_the_middle_of_a_month_keeps_that_months_grant(cast: Cast, plan: Plan) -> None:
    end_plan(plan_id=plan.pk, ends_on=date(2026, 11, 10), act=act_by(cast.ada.user))
    assert boxes_for(cast.acme, today=TODAY)[0].left == 480
    assert log(cast, cast.ticket(), 30).plan is None
    assert boxes_for(cast.acme, today=date(2026, 12, 1)) == []
    with pytest.raises(PlanNotValid, match="cannot end before"):
        end_plan(plan_id=plan.pk, ends_on=date(2026, 8, 1), act=act_by(cast.ada.user))


def test_the_same_end_again_is_recorded_once(cast: Cast, plan: Plan) -> None:
    for day in (10, 10, 11):
        end_plan(plan_id=plan.pk, ends_on=date(2026, 11, day), act=act_by(cast.ada.user))
    ends = Event.objects.filter(kind="plan.ended").order_by("id").values_list("data__ends_on", flat=True)
    assert list(ends) == ["2026-11-10", "2026-11-11"]


def test_adjusting_needs_minutes_and_a_reason(cast: Cast, plan: Plan) -> None:
    for minutes, reason in [(0, "x"), (5, " ")]:
        with pytest.raises(MinutesNotValid):
            adjust(plan_id=plan.pk, minutes=minutes, on=TODAY, reason=reason, act=act_by(cast.ada.user))
    adjust(plan_id=plan.pk, minutes=-60, on=TODAY, reason="moved to a project", act=act_by(cast.ada.user))
    assert boxes_for(cast.acme, today=TODAY)[0].left == 420


def test_time_of_a_month_is_told_by_ticket(cast: Cast, plan: Plan) -> None:
    first, second = cast.ticket("One"), cast.ticket("Two")
    log(cast, first, 30)
    log(cast, second, 60)
    log(cast, first, 45, on=date(2026, 11, 2))
    lines = time_by_ticket(cast.acme, NOVEMBER)
    assert [(line.subject, line.charged, line.last_work_on.day) for line in lines] == [("One", 75, 18), ("Two", 60, 18)]


def test_boxes_cost_the_same_queries_for_one_plan_and_many(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for site in ("a.example", "b.example", "c.example"):
        start(cast, site=site)
        with django_assert_num_queries(1):
            boxes_for(cast.acme, today=TODAY)


def test_a_client_is_over_by_what_its_own_month_holds(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    plan = start(cast)
    log(cast, cast.ticket(), 480, on=date(2026, 10, 5))
    log(cast, cast.ticket(), 475)
    assert clients_over(TODAY) == []
    log(cast, cast.ticket(), 5)
    with django_assert_num_queries(1):
        assert clients_over(TODAY) == [cast.acme.pk]
    # A block bought in September counts for what October left of it.
    top_up(plan_id=plan.pk, minutes=60, on=date(2026, 9, 5), expires_on=None, act=act_by(cast.ada.user))
    assert clients_over(TODAY) == []
    log(cast, cast.ticket(), 60, on=date(2026, 10, 6))
    assert clients_over(TODAY) == [cast.acme.pk]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_granted_or_counted_twice_in_parallel(committed_cast: Cast) -> None:
    plan = start(committed_cast)
    ticket = committed_cast.ticket()

    def at_once(_: int) -> None:
        try:
            grant_months(plan_id=plan.pk, today=date(2027, 1, 5), act=act_by(None))
            log(committed_cast, ticket, 30, submission_key="same")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(at_once, range(20)))
    assert Entry.objects.filter(plan=plan, kind=EntryKind.GRANT).count() == 5
    assert charged_on(ticket) == 30
