from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from deskhand.sla.actions.holidays import NewHoliday, add_holiday
from deskhand.sla.actions.policies import NewPolicy, save_policy
from deskhand.sla.models import Clock
from deskhand.sla.queries.clocks import (
    ClockChip,
    Pace,
    chip_of,
    open_clocks,
    ticket_clocks,
    tickets_at_risk,
)
from deskhand.sla.queries.promises import office_hours_now, promise_for, promise_preview, promised_by
from deskhand.sla.queries.settings import form_calendar, preview
from deskhand.sla.targets import Metric, TargetNotValid, Unit
from deskhand.sla.wall_times import Interval
from deskhand.sla.working_days import SkipReason
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.models import Category, Ticket
from tests.cast import NOON, Cast, act_by
from tests.sla.calendars import CALENDARS, LONDON
from tests.sla.promises import FIRST, NEXT, SOLVED, at, office, promise

HOUR = timedelta(hours=1)


def chips_of(tickets: Sequence[Ticket], now: datetime) -> dict[int, ClockChip | None]:
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).annotate(clocks=open_clocks())
    return {pk: chip_of(kind, clocks, now) for pk, kind, clocks in rows.values_list("pk", "kind", "clocks")}


def chip_on(ticket: Ticket, now: datetime) -> ClockChip:
    chip = chips_of([ticket], now)[ticket.pk]
    assert chip
    return chip


def test_a_row_says_what_it_counts_to_and_how_it_stands(cast: Cast) -> None:
    promise(FIRST, SOLVED)
    fresh, answered = cast.ticket(), cast.ticket("Second")
    cast.staff_reply(answered)
    chip = chip_on(fresh, NOON + HOUR)
    assert (chip.label, chip.pace, chip.minutes_left, chip.paused_by) == ("Resolution", Pace.OK, 47 * 60, "")
    paused = chip_on(answered, NOON + HOUR)
    assert (paused.label, paused.pace, paused.minutes_left, paused.paused_by) == (
        "Resolution",
        Pace.PAUSED,
        None,
        "pending",
    )


@pytest.mark.parametrize(
    ("moment", "pace"),
    [
        ("Fri 2026-11-20 15:29", Pace.OK),
        ("Fri 2026-11-20 15:30", Pace.WARN),
        ("Fri 2026-11-20 17:30", Pace.WARN),
        ("Fri 2026-11-20 17:31", Pace.LATE),
    ],
)
def test_a_row_changes_its_color_with_time_alone(cast: Cast, moment: str, pace: Pace) -> None:
    ticket = cast.ticket()
    assert chip_on(ticket, at(moment)).pace is pace
    assert Ticket.objects.filter(pk__in=tickets_at_risk(at(moment))).exists() == (pace is not Pace.OK)


def test_a_list_asks_once_for_many_tickets(cast: Cast, django_assert_num_queries: Any) -> None:
    promise(FIRST, NEXT, SOLVED)
    tickets = [cast.ticket(f"Ticket {number}") for number in range(5)]
    for count in (1, 5):
        with django_assert_num_queries(1):
            chips = chips_of(tickets[:count], NOON)
        assert len(chips) == count
        assert all(chips.values())
    with django_assert_num_queries(1):
        assert len(promised_by(ticket.pk for ticket in tickets)) == 5


def test_beside_a_ticket_stand_all_its_clocks(cast: Cast, django_assert_num_queries: Any) -> None:
    promise(FIRST, NEXT)
    ticket = cast.ticket()
    cast.staff_reply(ticket, at=NOON + timedelta(minutes=38))
    cast.client_reply(ticket, at=NOON + HOUR)
    with django_assert_num_queries(1):
        first, following = ticket_clocks(ticket.pk, NOON + 3 * HOUR)
    assert (first.metric, first.pace, first.used_minutes, first.amount) == (Metric.FIRST_RESPONSE, Pace.MET, 38, 2)
    assert first.unit is Unit.WORKING_DAYS
    assert (following.metric, following.used_minutes, following.total_minutes) == (Metric.NEXT_RESPONSE, 120, 480)
    assert following.used_percent == 25
    assert following.due_at == at("Thu 2026-11-19 12:30")


def test_a_late_answer_stands_as_missed_and_a_canceled_clock_not_at_all(cast: Cast) -> None:
    late, closed = cast.ticket(), cast.ticket("Second")
    cast.staff_reply(late, at=at("Mon 2026-11-23 09:00"))
    close_ticket(ticket_id=closed.pk, act=act_by(cast.ben.user))
    (clock,) = ticket_clocks(late.pk, at("Mon 2026-11-23 10:00"))
    assert (clock.pace, clock.used_percent) == (Pace.MISSED, 100)
    assert ticket_clocks(closed.pk, NOON) == []
    assert chips_of([late, closed], NOON) == {late.pk: None, closed.pk: None}


def test_a_client_reads_by_when_and_which_days_are_skipped(cast: Cast) -> None:
    monday = date(2026, 11, 23)
    add_holiday(hours_id=office().pk, new=NewHoliday("Founders' day", monday, monday), act=act_by(cast.ada.user))
    ticket = cast.ticket(at=at("Fri 2026-11-20 14:00"))
    promised = promise_for(ticket)
    assert promised is not None
    assert promised.due_at.isoformat() == "2026-11-25T17:30:00+00:00"
    assert (promised.amount, promised.unit, promised.due_on) == (2, Unit.WORKING_DAYS, date(2026, 11, 25))
    assert [(day.on.day, day.reason, day.name) for day in promised.skipped] == [
        (21, SkipReason.WEEKEND, ""),
        (22, SkipReason.WEEKEND, ""),
        (23, SkipReason.HOLIDAY, "Founders' day"),
    ]
    assert promise_preview(at("Fri 2026-11-20 14:00")) == promised


def test_nothing_is_promised_once_answered(cast: Cast) -> None:
    promise(FIRST, SOLVED)
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    assert promise_for(ticket) is None
    assert promised_by([ticket.pk]) == {}


def test_a_preview_follows_the_policy_of_the_category(cast: Cast) -> None:
    critical = Category.objects.get(is_business_critical=True)
    hour = FIRST.__class__(Metric.FIRST_RESPONSE, 60, Unit.CALENDAR_MINUTES, frozenset({"open"}))
    new = NewPolicy("Critical", office().pk, [hour], category_ids=[critical.pk])
    save_policy(new=new, act=act_by(cast.ada.user))
    night = at("Sat 2026-11-21 23:00")
    urgent, normal = promise_preview(night, category=critical), promise_preview(night)
    assert urgent is not None
    assert normal is not None
    assert (urgent.due_at, urgent.skipped) == (night + HOUR, ())
    assert normal.due_at == at("Wed 2026-11-25 17:30")


def test_no_promise_without_a_first_response_target(cast: Cast) -> None:
    promise(SOLVED)
    assert promise_preview(NOON) is None
    assert promise_for(cast.ticket()) is None


@pytest.mark.parametrize(
    ("moment", "opens", "closes", "reason"),
    [
        ("Wed 2026-11-18 12:00", None, "Wed 2026-11-18 17:30", None),
        ("Wed 2026-11-18 18:00", "Thu 2026-11-19 09:00", None, None),
        ("Sat 2026-11-21 12:00", "Mon 2026-11-23 09:00", None, SkipReason.WEEKEND),
    ],
)
def test_the_banner_knows_when_the_office_opens(
    db: None, moment: str, opens: str | None, closes: str | None, reason: SkipReason | None
) -> None:
    hours = office_hours_now(at(moment))
    assert hours.is_open == (opens is None)
    assert hours.opens_at == (at(opens) if opens else None)
    assert hours.closes_at == (at(closes) if closes else None)
    assert (hours.closed_for and hours.closed_for.reason) == reason


def test_the_settings_preview_unsaved_hours() -> None:
    week = [[Interval.between("09:00", "17:30")]] * 5 + [[], []]
    calendar = form_calendar(zone="Europe/London", week=week)
    assert calendar == CALENDARS["office"]
    eight_hours = preview(calendar, at("Mon 2026-11-16 10:45"), 480, Unit.WORKING_MINUTES)
    assert f"{eight_hours:%a %H:%M}" == "Tue 10:15"
    assert eight_hours.tzinfo == LONDON
    with pytest.raises(TargetNotValid):
        preview(calendar, NOON, 0, Unit.WORKING_MINUTES)


def test_the_database_refuses_two_running_clocks_of_one_metric(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    ticket = cast.ticket()
    clock = Clock.objects.get(ticket=ticket)
    clock.pk, clock.position = None, 9
    with pytest.raises(IntegrityError, match="clock_runs_once"), transaction.atomic():
        clock.save()
