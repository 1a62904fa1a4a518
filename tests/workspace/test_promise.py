"""Settings → Response promise: hours, holidays, policies, on call, and the log of what they moved."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.mail.actions.mailboxes import MailboxFields, add_mailbox
from deskhand.sla.calendars import WEEKDAYS
from deskhand.sla.models import BusinessHours, Holiday, OnCall, OnCallSettings, Policy, Recalculation
from deskhand.sla.models.hours import HolidaySource
from deskhand.sla.models.policies import ANY_PLAN
from deskhand.sla.queries.settings import all_policies, week_of
from deskhand.sla.targets import Metric, Unit
from deskhand.sla.wall_times import Interval
from deskhand.tickets.models import Category, Priority
from deskhand.workspace.forms.week import StretchesField, stretches_text
from tests.cast import NOON, Cast, act_by
from tests.workspace.browsing import browser_of, get, post
from tests.workspace.maintenance import today

HERE = "settings/promise"
WEEK = {f"day_{index}": "09:00-17:30" if index < 5 else "" for index in range(7)}
NO_TARGETS = {
    f"{metric}_{name}": value
    for metric in ("first_response", "next_response", "update", "resolution")
    for name, value in (("amount", ""), ("unit", "working_days"), ("warn", ""))
}


def office() -> BusinessHours:
    return BusinessHours.objects.get(is_default=True)


def hours_form(**changed: str) -> dict[str, str]:
    return {"name": "Office hours", "zone": "Europe/London", **WEEK, **changed}


def policy_form(**changed: Any) -> dict[str, Any]:
    return {"name": "Shop", "hours": office().pk, **NO_TARGETS, **changed}


FIRST_RESPONSE = {
    "first_response_amount": "4",
    "first_response_unit": "working_minutes",
    "first_response_kinds": "open",
}


def test_the_overview_says_what_is_promised(cast: Cast) -> None:
    page = get(cast.ada, HERE).content.decode()
    for words in ("First response: 2 working days", "Monday to Friday", "09:00 to 17:30", "Nobody."):
        assert words in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "8 working hours from now is"),
        ("amount=2&unit=working_days", "2 working days from now is"),
        ("amount=1&unit=working_days", "1 working day from now is"),
        ("amount=1.5&unit=working_minutes", "1h 30m of working time from now is"),
        ("amount=36&unit=calendar_minutes", "36 hours, day and night from now is"),
        ("amount=0&unit=working_days", "Enter a number"),
        ("amount=-2&unit=working_minutes", "Enter a number"),
        ("amount=1.5&unit=working_days", "Enter whole days"),
        ("amount=many&unit=working_days", "Enter a number"),
        ("amount=2&unit=moons", "Choose one from the list"),
        ("amount=8&unit=working_minutes&hours=forged", "8 working hours from now is"),
    ],
)
def test_previews_when_a_time_from_now_is_over(cast: Cast, query: str, words: str) -> None:
    answer = get(cast.ada, f"{HERE}?{query}")
    assert (answer.status_code, words in answer.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("", []),
        ("closed", []),
        ("9-17", [Interval(540, 1020)]),
        ("09:00-12:30, 13:30-17:30", [Interval(540, 750), Interval(810, 1050)]),
        ("13.30 to 17.30; 09:00\u201312:30", [Interval(540, 750), Interval(810, 1050)]),
        ("22:00-06:00", [Interval(1320, 1800)]),
        ("00:00-24:00", [Interval(0, 1440)]),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, stretches: list[Interval]) -> None:
    assert StretchesField().clean(text) == stretches
    assert StretchesField().clean(stretches_text(stretches)) == stretches


def test_saving_hours_counts_open_tickets_anew(cast: Cast) -> None:
    form = hours_form(day_0="09:00-12:30, 13:30-17:30", day_4="22:00-06:00", day_6="00:00-24:00", zone="Europe/Paris")
    assert post(cast.ada, f"{HERE}/hours/{office().pk}", form).status_code == 302
    week = week_of(office())
    assert (len(week[0]), week[4], week[6]) == (2, [Interval(1320, 1800)], [Interval(0, 1440)])
    assert office().zone == "Europe/Paris"
    assert Recalculation.objects.get().made_by == cast.ada.user


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Give the hours a name"),
        ({"zone": "Mars/Olympus"}, "Choose a time zone"),
        ({"day_2": "morning"}, "Write hours such as"),
        ({"day_2": "09:00-25:00"}, "no time of day"),
        ({"day_2": "09:00-09:00"}, "are empty"),
        ({"day_2": "09:00-12:00, 11:00-13:00"}, "overlap on Wednesday"),
        ({"day_1": "22:00-10:00"}, "overlap on Wednesday"),
        ({f"day_{index}": "" for index in range(7)}, "at least one weekday"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_place(cast: Cast, changed: dict[str, str], words: str) -> None:
    answer = post(cast.ada, f"{HERE}/hours/{office().pk}", hours_form(**changed))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Recalculation.objects.exists()


def test_hours_are_previewed_before_they_are_saved(cast: Cast) -> None:
    answer = post(cast.ada, f"{HERE}/hours/{office().pk}", hours_form(preview="on", day_5="09:00-17:30"))
    assert "8 working hours from now" in answer.content.decode()
    assert week_of(office())[5] == []


def test_other_hours_are_added_and_removed_once_nothing_counts_in_them(cast: Cast) -> None:
    post(cast.ada, f"{HERE}/hours/new", hours_form(name="New York", zone="America/New_York"))
    added = BusinessHours.objects.get(name="New York")
    assert post(cast.ada, f"{HERE}/hours/new", hours_form(name="new york")).status_code == 422
    post(cast.ada, f"{HERE}/policies/new", policy_form(hours=added.pk, **FIRST_RESPONSE))
    post(cast.ada, f"{HERE}/hours/{added.pk}/removal")
    assert BusinessHours.objects.get(pk=added.pk).archived_at is None
    post(cast.ada, f"{HERE}/policies/{Policy.objects.get(name='Shop').pk}/removal")
    post(cast.ada, f"{HERE}/hours/{added.pk}/removal")
    assert BusinessHours.objects.get(pk=added.pk).archived_at is not None
    assert get(cast.ada, f"{HERE}/hours/{added.pk}").status_code == 404


def test_public_holidays_are_kept_and_worked_on(cast: Cast) -> None:
    hours = office()
    post(cast.ada, f"{HERE}/hours/{hours.pk}/place", {"country": "GB", "subdivision": ""})
    christmas = Holiday.objects.get(name="Christmas Day", first_on=date(today().year + 1, 12, 25))
    page = get(cast.ada, f"{HERE}/hours/{hours.pk}/holidays").content.decode()
    assert ("Christmas Day" in page, 'value="SCT"' in page) == (True, True)
    post(cast.ada, f"{HERE}/holidays/{christmas.pk}/working", {"is_worked": "on"})
    assert Holiday.objects.get(pk=christmas.pk).ignored_at is not None
    post(cast.ada, f"{HERE}/holidays/{christmas.pk}/working", {"is_worked": ""})
    assert Holiday.objects.get(pk=christmas.pk).ignored_at is None
    for path in ("", "/removal"):
        assert post(cast.ada, f"{HERE}/holidays/{christmas.pk}{path}").status_code == 404
    post(cast.ada, f"{HERE}/hours/{hours.pk}/place", {"country": "GB", "subdivision": "SCT"})
    assert office().holiday_subdivision == "SCT"
    post(cast.ada, f"{HERE}/hours/{hours.pk}/place", {"country": "DE", "subdivision": "SCT"})
    assert (office().holiday_country, office().holiday_subdivision) == ("DE", "")
    assert post(cast.ada, f"{HERE}/hours/{hours.pk}/place", {"country": "XX"}).status_code == 422
    post(cast.ada, f"{HERE}/hours/{hours.pk}/place", {"country": ""})
    assert not Holiday.objects.filter(source=HolidaySource.LIBRARY).exists()


def test_own_holidays_are_added_changed_and_removed(cast: Cast) -> None:
    path, day = f"{HERE}/hours/{office().pk}/holidays", today() + timedelta(days=10)
    fields = {"name": "Outing", "first_on": day.isoformat(), "last_on": "", "closed_from": "", "closed_until": ""}
    post(cast.ada, path, fields)
    row = Holiday.objects.get()
    assert (row.last_on, row.is_whole_day) == (day, True)
    half = {"last_on": (day + timedelta(days=2)).isoformat(), "closed_from": "13:00", "closed_until": "24:00"}
    post(cast.ada, f"{HERE}/holidays/{row.pk}", fields | half)
    row.refresh_from_db()
    assert (len(row.dates), row.closed_from_minute, row.closed_until_minute) == (3, 780, 1440)
    assert "Closed 13:00 to 24:00" in get(cast.ada, path).content.decode()
    post(cast.ada, f"{HERE}/holidays/{row.pk}/removal")
    assert not Holiday.objects.exists()
    assert Recalculation.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Give the holiday a name"),
        ({"first_on": ""}, "Choose the day"),
        ({"first_on": "2026-02-30"}, "Enter a date"),
        ({"last_on": "2001-01-01"}, "comes before the first"),
        ({"last_on": "2999-01-01"}, "at most a year"),
        ({"closed_from": "13:00", "closed_until": "12:00"}, "ends after it begins"),
        ({"closed_from": "late"}, "no time of day"),
    ],
)
def test_holidays_that_make_no_sense_are_refused_in_place(cast: Cast, changed: dict[str, str], words: str) -> None:
    day = (today() + timedelta(days=10)).isoformat()
    good = {"name": "Outing", "first_on": day, "last_on": "", "closed_from": "", "closed_until": ""}
    answer = post(cast.ada, f"{HERE}/hours/{office().pk}/holidays", good | changed)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Holiday.objects.exists()


def test_a_calendar_file_is_read_once(cast: Cast) -> None:
    day = today() + timedelta(days=20)
    event = ["BEGIN:VEVENT", "UID:1", "SUMMARY:Founders", f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "END:VEVENT"]
    content = "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR", ""])
    path = f"/workspace/{HERE}/hours/{office().pk}/calendar"
    for _ in range(2):
        file = SimpleUploadedFile("holidays.ics", content.encode(), content_type="text/calendar")
        assert browser_of(cast.ada).post(path, {"file": file}).status_code == 302
    assert Holiday.objects.get().name == "Founders"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "Choose a calendar file"), (b"", "empty"), (b"hello", "cannot be read"), (b"x" * 1_100_000, "1 MB")],
)
def test_what_is_no_calendar_file_is_refused(cast: Cast, content: bytes | None, words: str) -> None:
    fields = {} if content is None else {"file": SimpleUploadedFile("holidays.ics", content)}
    answer = browser_of(cast.ada).post(f"/workspace/{HERE}/hours/{office().pk}/calendar", fields)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_policy_is_saved_with_its_conditions_and_promises(cast: Cast) -> None:
    category = Category.objects.get(slug="bug")
    conditions = {"categories": category.pk, "priorities": [3, 4], "sources": "email", "clients": cast.acme.pk}
    late = {"resolution_amount": "36", "resolution_unit": "calendar_minutes", "resolution_kinds": ["open", "pending"]}
    fields = policy_form(**conditions, **FIRST_RESPONSE, first_response_warn="0.5", **late)
    assert post(cast.ada, f"{HERE}/policies/new", fields).status_code == 302
    row = Policy.objects.get(name="Shop")
    targets = {target.metric: target for target in (one.target for one in row.targets.all())}
    first, last = targets[Metric.FIRST_RESPONSE], targets[Metric.RESOLUTION]
    assert (first.amount, first.unit, first.warn_minutes) == (240, Unit.WORKING_MINUTES, 30)
    assert (last.amount, last.unit, last.kinds) == (36 * 60, Unit.CALENDAR_MINUTES, frozenset({"open", "pending"}))
    assert (row.priorities, row.sources, list(row.clients.all())) == ([3, 4], ["email"], [cast.acme])
    page = get(cast.ada, HERE).content.decode()
    assert f"{category.name}; Acme; {Priority(3).label} priority or {Priority(4).label} priority" in page
    form = get(cast.ada, f"{HERE}/policies/{row.pk}").content.decode()
    assert 'name="resolution_amount" type="text" value="36"' in form
    assert 'name="first_response_warn" type="text" value="0.5"' in form


def test_a_policy_asks_for_mailboxes_and_plans(cast: Cast) -> None:
    box = add_mailbox(MailboxFields(name="Shop", address="shop@desk.example"), act=act_by(cast.ada.user))
    plan = NewPlan("Gold", minutes_per_month=60, starts_on=date(2026, 11, 1))
    start_plan(client=cast.acme, new=plan, today=NOON.date(), act=act_by(cast.ada.user))
    conditions = {"mailboxes": box.pk, "plans": [ANY_PLAN, "Gold"]}
    assert post(cast.ada, f"{HERE}/policies/new", policy_form(**conditions, **FIRST_RESPONSE)).status_code == 302
    row = Policy.objects.get(name="Shop")
    assert (row.mailbox_ids, row.plan_names) == ([box.pk], [ANY_PLAN, "Gold"])
    assert "to shop@desk.example; any plan or the plan “Gold”" in get(cast.ada, HERE).content.decode()
    form = get(cast.ada, f"{HERE}/policies/{row.pk}").content.decode()
    for name, value in (("mailboxes", box.pk), ("plans", ""), ("plans", "Gold")):
        assert f'name="{name}" value="{value}" checked' in form


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Give the policy a name"),
        ({"name": "everything"}, "There is a policy named"),
        ({"hours": "999999"}, "Choose one from the list"),
        ({"first_response_amount": "0"}, "Enter a number above 0"),
        ({"first_response_amount": "-1"}, "Enter a number above 0"),
        ({"first_response_amount": "1e9"}, "Enter a number above 0"),
        ({"first_response_amount": "1.5", "first_response_unit": "working_days"}, "Enter whole days"),
        ({"first_response_kinds": []}, "at least one status"),
        ({"first_response_kinds": ["closed"]}, "Load the page again"),
        ({"clients": ["999999"]}, "Load the page again"),
        ({"priorities": ["99"]}, "Load the page again"),
        ({"mailboxes": ["999999"]}, "Load the page again"),
        ({"plans": ["Platinum"]}, "Load the page again"),
    ],
)
def test_policies_that_make_no_sense_are_refused_in_place(cast: Cast, changed: dict[str, Any], words: str) -> None:
    answer = post(cast.ada, f"{HERE}/policies/new", policy_form(**(FIRST_RESPONSE | changed)))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Policy.objects.filter(name="Shop").exists()


def test_the_last_policy_takes_no_conditions_and_stays(cast: Cast) -> None:
    row = Policy.objects.get(is_default=True)
    fields = policy_form(name="Everything", sources="email", **FIRST_RESPONSE)
    assert post(cast.ada, f"{HERE}/policies/{row.pk}", fields).status_code == 422
    post(cast.ada, f"{HERE}/policies/{row.pk}/removal")
    assert Policy.objects.get(is_default=True).archived_at is None


def test_policies_are_tried_in_the_order_given(cast: Cast) -> None:
    for name in ("One", "Two", "Three"):
        post(cast.ada, f"{HERE}/policies/new", policy_form(name=name, **FIRST_RESPONSE))
    three = Policy.objects.get(name="Three")
    post(cast.ada, f"{HERE}/policies/{three.pk}/place", {"direction": "up"})
    default = Policy.objects.get(is_default=True)
    post(cast.ada, f"{HERE}/policies/{default.pk}/place", {"direction": "up"})
    assert [row.name for row in all_policies()] == ["One", "Three", "Two", "Everything"]
    assert post(cast.ada, f"{HERE}/policies/{three.pk}/place", {"direction": "sideways"}).status_code == 400


@pytest.mark.parametrize("applies", ["", "on"])
def test_open_tickets_are_matched_anew_only_where_asked(cast: Cast, applies: str) -> None:
    post(cast.ada, f"{HERE}/policies/new", policy_form(applies_to_open=applies, **FIRST_RESPONSE))
    assert Recalculation.objects.exists() == bool(applies)


def test_on_call_is_chosen_with_its_repeat(cast: Cast) -> None:
    path = f"{HERE}/on-call"
    assert post(cast.ada, path, {"agents": [cast.ben.pk], "repeat_minutes": "15"}).status_code == 302
    assert (OnCall.objects.get().agent, OnCallSettings.current().repeat_minutes) == (cast.ben, 15)
    assert "every 15 minutes" in get(cast.ada, HERE).content.decode()
    for fields in ({"repeat_minutes": "0"}, {"repeat_minutes": ""}, {"agents": ["999999"], "repeat_minutes": "5"}):
        assert post(cast.ada, path, fields).status_code == 422
    post(cast.ada, path, {"repeat_minutes": "15"})
    assert not OnCall.objects.exists()


def test_the_log_names_changes_and_who_made_them(cast: Cast) -> None:
    post(cast.ada, f"{HERE}/hours/{office().pk}", hours_form(day_5="09:00-12:00"))
    page = get(cast.ada, f"{HERE}/log").content.decode()
    assert ("Business hours changed" in page, "Ada Admin" in page) == (True, True)
    row = Recalculation.objects.get()
    assert get(cast.ada, f"{HERE}/log/{row.pk}").status_code == 200
    assert get(cast.ada, f"{HERE}/log/999999").status_code == 404


@pytest.mark.parametrize("path", ["hours/999999", "hours/999999/holidays", "holidays/999999", "policies/999999"])
def test_what_is_not_there_is_not_found(cast: Cast, path: str) -> None:
    assert get(cast.ada, f"{HERE}/{path}").status_code == 404


def test_every_weekday_has_its_field(cast: Cast) -> None:
    page = get(cast.ada, f"{HERE}/hours/{office().pk}").content.decode()
    assert all(f">{name}</label>" in page for name in WEEKDAYS)
