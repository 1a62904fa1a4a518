from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from deskhand.events.models import Event
from deskhand.sla.actions.holidays import (
    HolidayNotValid,
    NewHoliday,
    add_holiday,
    change_holiday,
    import_calendar_file,
    refresh_public_holidays,
    remove_holiday,
    set_public_holidays,
    set_worked,
)
from deskhand.sla.actions.hours import HoursNotValid, NewHours, archive_hours, save_hours
from deskhand.sla.actions.policies import NewPolicy, save_policy
from deskhand.sla.models import Holiday, HoursVersion, RecalculatedClock, Recalculation
from deskhand.sla.models.hours import HolidaySource
from deskhand.sla.public_holidays import UnknownPlace, countries, public_holidays
from deskhand.sla.queries.settings import all_hours, holidays_from, moved_clocks, recalculation_log, week_of
from deskhand.sla.queries.versions import current_hours
from deskhand.sla.wall_times import MINUTES_PER_DAY, Interval
from deskhand.tickets.actions.status import close_ticket
from tests.cast import NOON, Cast, act_by
from tests.sla.calendars import CALENDARS
from tests.sla.promises import FIRST, at, first_response, kinds, office, run_recalculation

FRIDAY = date(2026, 11, 20)
OFFICE_WEEK = [[Interval.between("09:00", "17:30")]] * 5 + [[], []]
CALENDAR_FILE = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:party@desk.example
DTSTART;VALUE=DATE:20261120
DTEND;VALUE=DATE:20261121
SUMMARY:Summer party\\, in winter
END:VEVENT
BEGIN:VEVENT
UID:early@desk.example
DTSTART;TZID=Europe/London:20261124T130000
DTEND;TZID=Europe/London:20261125T100000
SUMMARY:Moving desks
END:VEVENT
BEGIN:VEVENT
UID:birthday@desk.example
DTSTART;VALUE=DATE:20200229
RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1
SUMMARY:Birthday
END:VEVENT
BEGIN:VEVENT
UID:off@desk.example
STATUS:CANCELLED
DTSTART;VALUE=DATE:20261126
SUMMARY:Called off
END:VEVENT
END:VCALENDAR
"""


def test_the_shipped_hours_are_the_desks(db: None) -> None:
    (hours,) = all_hours()
    assert week_of(hours) == OFFICE_WEEK
    assert current_hours(hours.pk).calendar == CALENDARS["office"]


def test_saving_the_same_hours_makes_no_version(cast: Cast) -> None:
    hours = office()
    new = NewHours(hours.name, hours.zone, OFFICE_WEEK)
    save_hours(hours_id=hours.pk, new=new, act=act_by(cast.ada.user))
    assert HoursVersion.objects.count() == 1
    save_hours(hours_id=hours.pk, new=replace(new, zone="Europe/Paris"), act=act_by(cast.ada.user))
    assert HoursVersion.objects.count() == 2


def test_versions_never_change(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        HoursVersion.objects.update(zone="Europe/Paris")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "Give the hours a name"),
        ({"name": "x" * 81}, "at most 80"),
        ({"name": "office HOURS"}, "named “office HOURS” already"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"week": [[]] * 7}, "at least one weekday"),
        ({"week": [[Interval(540, 700), Interval(600, 800)], *[[]] * 6]}, "overlap on Monday"),
    ],
)
def test_refuses_hours_that_cannot_be_kept(cast: Cast, changes: dict[str, object], words: str) -> None:
    new = NewHours("Nights", "Europe/London", OFFICE_WEEK)
    with pytest.raises(HoursNotValid, match=words):
        save_hours(new=replace(new, **changes), act=act_by(cast.ada.user))  # type: ignore[arg-type]  # any field


def test_refuses_holidays_that_leave_no_opening(cast: Cast) -> None:
    day = NOON.date()
    for year in range(3):
        first = day + timedelta(days=366 * year)
        add_holiday(
            hours_id=office().pk,
            new=NewHoliday("Away", first, first + timedelta(days=365)),
            act=act_by(cast.ada.user),
        )
    first = day + timedelta(days=366 * 3)
    with pytest.raises(HoursNotValid, match="no opening within three years"), transaction.atomic():
        add_holiday(
            hours_id=office().pk,
            new=NewHoliday("Away", first, first + timedelta(days=365)),
            act=act_by(cast.ada.user),
        )
    assert Holiday.objects.count() == 3


def test_hours_in_use_stay(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(HoursNotValid, match="default hours"):
        archive_hours(hours_id=office().pk, act=act)
    nights = save_hours(new=NewHours("Nights", "Europe/London", OFFICE_WEEK), act=act)
    save_policy(new=NewPolicy("At night", nights.pk, [FIRST]), act=act)
    with pytest.raises(HoursNotValid, match="used by: At night"):
        archive_hours(hours_id=nights.pk, act=act)


def test_hours_that_are_put_away_leave_their_name_free(cast: Cast) -> None:
    act, nights = act_by(cast.ada.user), NewHours("Nights", "Europe/London", OFFICE_WEEK)
    hours = save_hours(new=nights, act=act)
    with pytest.raises(HoursNotValid, match="named “nights” already"):
        save_hours(new=replace(nights, name="nights"), act=act)
    archive_hours(hours_id=hours.pk, act=act)
    assert Event.objects.get(kind="sla.hours_removed").data == {"name": "Nights"}
    assert save_hours(new=nights, act=act).pk != hours.pk


def test_a_holiday_added_while_tickets_run_puts_them_off_and_is_logged(cast: Cast) -> None:
    running, closed = cast.ticket(), cast.ticket("Second")
    close_ticket(ticket_id=closed.pk, act=act_by(cast.ben.user))
    add_holiday(hours_id=office().pk, new=NewHoliday("Outing", FRIDAY, FRIDAY), act=act_by(cast.ada.user))
    assert Event.objects.get(kind="sla.hours_changed").data["reason"] == "Holiday added: Outing"
    run_recalculation()
    run_recalculation()
    assert first_response(running).due_at == at("Mon 2026-11-23 17:30")
    assert first_response(closed).due_at == at("Fri 2026-11-20 17:30")
    assert kinds(running) == ["sla.policy_applied", "sla.policy_applied"]
    (entry,) = recalculation_log()
    assert (entry.reason, entry.made_by, entry.moved_count, entry.is_finished) == (
        "Holiday added: Outing",
        "Ada Admin",
        1,
        True,
    )
    (moved,) = moved_clocks(entry.id)
    assert (moved.number, moved.old_due_at, moved.new_due_at) == (
        running.number,
        at("Fri 2026-11-20 17:30"),
        at("Mon 2026-11-23 17:30"),
    )


def test_a_holiday_entered_late_takes_the_breach_back(cast: Cast) -> None:
    from deskhand.sla.tasks import settle_due_clocks

    ticket = cast.ticket()
    monday = at("Mon 2026-11-23 08:00")
    settle_due_clocks(timestamp=int(monday.timestamp()))
    assert first_response(ticket).breached_at is not None
    act = act_by(cast.ada.user, at=monday)
    add_holiday(hours_id=office().pk, new=NewHoliday("Storm", FRIDAY, FRIDAY), act=act)
    run_recalculation(at=monday)
    assert first_response(ticket).breached_at is None
    settle_due_clocks(timestamp=int(at("Mon 2026-11-23 18:00").timestamp()))
    assert kinds(ticket).count("sla.clock_breached") == 2


def test_removing_a_holiday_brings_due_times_forward_again(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    holiday = add_holiday(hours_id=office().pk, new=NewHoliday("Outing", FRIDAY, FRIDAY), act=act)
    ticket = cast.ticket()
    assert first_response(ticket).due_at == at("Mon 2026-11-23 17:30")
    remove_holiday(holiday_id=holiday.pk, act=act)
    run_recalculation()
    assert first_response(ticket).due_at == at("Fri 2026-11-20 17:30")
    assert RecalculatedClock.objects.filter(recalculation=Recalculation.objects.latest("pk")).count() == 1


def test_a_half_day_closes_the_afternoon(cast: Cast) -> None:
    new = NewHoliday("Half day", FRIDAY, FRIDAY, closed_from_minute=12 * 60)
    holiday = add_holiday(hours_id=office().pk, new=new, act=act_by(cast.ada.user))
    assert first_response(cast.ticket()).due_at == at("Fri 2026-11-20 12:00")
    change_holiday(holiday_id=holiday.pk, new=replace(new, closed_from_minute=13 * 60), act=act_by(cast.ada.user))
    assert first_response(cast.ticket("Second")).due_at == at("Fri 2026-11-20 13:00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Give the holiday a name"),
        ({"last_on": FRIDAY - timedelta(days=1)}, "before the first"),
        ({"last_on": FRIDAY + timedelta(days=366)}, "at most a year"),
        ({"closed_from_minute": 800, "closed_until_minute": 800}, "half day"),
        ({"closed_until_minute": MINUTES_PER_DAY + 1}, "half day"),
    ],
)
def test_refuses_holidays_that_cannot_be_kept(cast: Cast, changes: dict[str, object], words: str) -> None:
    new = replace(NewHoliday("Outing", FRIDAY, FRIDAY), **changes)  # type: ignore[arg-type]  # any field
    with pytest.raises(HolidayNotValid, match=words):
        add_holiday(hours_id=office().pk, new=new, act=act_by(cast.ada.user))


def test_public_holidays_come_from_the_library(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    set_public_holidays(hours_id=office().pk, country="GB", subdivision="ENG", act=act)
    names = {holiday.first_on: holiday.name for holiday in holidays_from(office().pk, 2026)}
    assert names[date(2026, 12, 28)] == "Boxing Day (observed)"
    assert {day.year for day in names} == {2026, 2027, 2028}
    versions = HoursVersion.objects.count()
    refresh_public_holidays(hours_id=office().pk, act=act)
    assert HoursVersion.objects.count() == versions
    refresh_public_holidays(hours_id=office().pk, act=replace(act, at=NOON + timedelta(days=60)))
    assert Holiday.objects.filter(first_on__year=2029).exists()
    assert Holiday.objects.filter(first_on__year=2026).exists()
    set_public_holidays(hours_id=office().pk, country="", act=act)
    assert not Holiday.objects.exists()


def test_a_public_holiday_can_be_worked_and_stays_so(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    set_public_holidays(hours_id=office().pk, country="GB", subdivision="ENG", act=act)
    christmas = Holiday.objects.get(first_on=date(2026, 12, 25))
    set_worked(holiday_id=christmas.pk, is_worked=True, act=act)
    refresh_public_holidays(hours_id=office().pk, act=act)
    assert date(2026, 12, 25) not in current_hours(office().pk).calendar.closures
    set_worked(holiday_id=christmas.pk, is_worked=False, act=act)
    assert date(2026, 12, 25) in current_hours(office().pk).calendar.closures
    remove_holiday(holiday_id=christmas.pk, act=act)
    assert date(2026, 12, 25) not in current_hours(office().pk).calendar.closures
    with pytest.raises(HolidayNotValid, match="as the library has them"):
        change_holiday(holiday_id=christmas.pk, new=NewHoliday("Mine", FRIDAY, FRIDAY), act=act)


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("GB", "BY"), ("", "ENG"), ("__class__", "")])
def test_refuses_places_the_library_does_not_know(cast: Cast, country: str, part: str) -> None:
    with pytest.raises(UnknownPlace, match="from the list"):
        set_public_holidays(hours_id=office().pk, country=country, subdivision=part, act=act_by(cast.ada.user))


def test_the_library_is_asked_in_english_and_lists_countries_by_name() -> None:
    assert (date(2026, 12, 25), "Christmas Day") in public_holidays("DE", "BY", [2026])
    names = [country.name for country in countries()]
    assert names == sorted(names)
    assert "United Kingdom" in names


def test_a_calendar_file_becomes_holidays_once(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    count = import_calendar_file(hours_id=office().pk, content=CALENDAR_FILE, act=act)
    found = [
        (holiday.name, holiday.first_on.isoformat(), holiday.closed_from_minute, holiday.closed_until_minute)
        for holiday in Holiday.objects.filter(source=HolidaySource.ICAL).order_by("first_on")
    ]
    assert found == [
        ("Birthday", "2025-03-01", 0, 1440),
        ("Birthday", "2026-03-01", 0, 1440),
        ("Summer party, in winter", "2026-11-20", 0, 1440),
        ("Moving desks", "2026-11-24", 780, 1440),
        ("Moving desks", "2026-11-25", 0, 600),
        ("Birthday", "2027-03-01", 0, 1440),
        ("Birthday", "2028-03-01", 0, 1440),
    ]
    assert count == 7
    assert import_calendar_file(hours_id=office().pk, content=CALENDAR_FILE, act=act) == 0
    renamed = CALENDAR_FILE.replace(b"Moving desks", b"Moving house")
    assert import_calendar_file(hours_id=office().pk, content=renamed, act=act) == 2
