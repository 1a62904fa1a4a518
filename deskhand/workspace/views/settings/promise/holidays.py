"""Holidays of business hours: public ones, one's own, and those of a calendar file."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.sla.actions.holidays import (
    HolidayNotValid,
    add_holiday,
    change_holiday,
    import_calendar_file,
    remove_holiday,
    set_public_holidays,
    set_worked,
)
from deskhand.sla.actions.hours import HoursNotValid
from deskhand.sla.calendar_files import MOST_BYTES, CalendarFileNotValid
from deskhand.sla.models import BusinessHours, Holiday
from deskhand.sla.models.hours import HolidaySource
from deskhand.sla.public_holidays import UnknownPlace
from deskhand.sla.queries.settings import holidays_from
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.promise import (
    CalendarForm,
    HolidayForm,
    PlaceForm,
    country_choices,
    subdivision_choices,
)
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_promise"
REFUSED = {HolidayNotValid: "name", HoursNotValid: "name"}


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def holidays(request: DeskRequest, hours_id: int) -> HttpResponseBase:
    """List the holidays of business hours, and add one of one's own."""
    row = _hours(hours_id)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSED):
            added = add_holiday(hours_id=row.pk, new=form.holiday(), act=request.act)
            messages.success(request, f"“{added.name}” was added. Open tickets are being counted anew.")
            return redirect("workspace:settings_holidays", hours_id)
    return _holidays_page(request, row, form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def place(request: DeskRequest, hours_id: int) -> HttpResponseBase:
    """Keep the public holidays of a country, or of a part of it."""
    row, form = _hours(hours_id), PlaceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form, {UnknownPlace: "country", HoursNotValid: "country"}):
            set_public_holidays(
                hours_id=row.pk, country=given["country"], subdivision=given["subdivision"], act=request.act
            )
            messages.success(request, "Saved. Open tickets are being counted anew.")
            return redirect("workspace:settings_holidays", hours_id)
    return _holidays_page(request, row, place_form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def calendar(request: DeskRequest, hours_id: int) -> HttpResponseBase:
    """Add the holidays of an iCalendar file."""
    row, form = _hours(hours_id), CalendarForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
        with refusals(form, {CalendarFileNotValid: "file", HoursNotValid: "file"}):
            count = import_calendar_file(hours_id=row.pk, content=content, act=request.act)
            news = f"{count} holiday{'' if count == 1 else 's'} added or changed." if count else "Nothing new in it."
            messages.success(request, news)
            return redirect("workspace:settings_holidays", hours_id)
    return _holidays_page(request, row, file_form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def holiday(request: DeskRequest, holiday_id: int) -> HttpResponseBase:
    """Change a holiday that is not a public one."""
    row = _holiday(holiday_id)
    if row.source == HolidaySource.LIBRARY:
        raise Http404
    initial = {
        "name": row.name,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "closed_from": None if row.is_whole_day else row.closed_from_minute,
        "closed_until": None if row.is_whole_day else row.closed_until_minute,
    }
    form = HolidayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSED):
            change_holiday(holiday_id=row.pk, new=form.holiday(), act=request.act)
            messages.success(request, "Saved. Open tickets are being counted anew.")
            return redirect("workspace:settings_holidays", row.hours_id)
    context = {"holiday": row, "form": Shown(form)}
    return settings_page(request, "promise/holiday.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, holiday_id: int) -> HttpResponseBase:
    """Remove a holiday that is not a public one."""
    row = _holiday(holiday_id)
    if row.source == HolidaySource.LIBRARY:
        raise Http404
    remove_holiday(holiday_id=row.pk, act=request.act)
    messages.success(request, f"“{row.name}” was removed. Open tickets are being counted anew.")
    return redirect("workspace:settings_holidays", row.hours_id)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def working(request: DeskRequest, holiday_id: int) -> HttpResponseBase:
    """Work on a public holiday (`is_worked` is "on"), or keep it again."""
    row, is_worked = _holiday(holiday_id), request.POST.get("is_worked") == "on"
    try:
        set_worked(holiday_id=row.pk, is_worked=is_worked, act=request.act)
        messages.success(request, f"You work on {row.name}." if is_worked else f"You are closed on {row.name}.")
    except HoursNotValid as error:
        messages.error(request, str(error))
    return redirect("workspace:settings_holidays", row.hours_id)


def _hours(hours_id: int) -> BusinessHours:
    return get_object_or_404(BusinessHours, pk=hours_id, archived_at=None)


def _holiday(holiday_id: int) -> Holiday:
    return get_object_or_404(Holiday, pk=holiday_id, hours__archived_at=None)


def _holidays_page(
    request: DeskRequest,
    row: BusinessHours,
    *,
    form: HolidayForm | None = None,
    place_form: PlaceForm | None = None,
    file_form: CalendarForm | None = None,
) -> HttpResponse:
    place_form = place_form or PlaceForm(
        initial={"country": row.holiday_country, "subdivision": row.holiday_subdivision}
    )
    given: list[forms.Form] = [form or HolidayForm(), place_form, file_form or CalendarForm()]
    year = timezone.localdate(request.act.at).year
    by_year: dict[int, list[Holiday]] = {}
    for found in holidays_from(row.pk, year):
        by_year.setdefault(max(found.first_on.year, year), []).append(found)
    context = {
        "hours": row,
        "years": sorted(by_year.items()),
        "form": Shown(given[0]),
        "place_form": Shown(given[1], prefix="place"),
        "file_form": Shown(given[2], prefix="calendar"),
        "countries": country_choices(),
        "subdivisions": subdivision_choices(str(place_form["country"].value() or "")),
    }
    status = max(status_of(one) for one in given)
    return settings_page(request, "promise/holidays.html", context, section=SECTION, status=status)
