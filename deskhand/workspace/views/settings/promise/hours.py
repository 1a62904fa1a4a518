"""Business hours."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.sla.actions.hours import HoursNotValid, archive_hours, save_hours
from deskhand.sla.calendars import WEEKDAYS
from deskhand.sla.models import BusinessHours
from deskhand.sla.queries.settings import form_calendar, preview, week_of
from deskhand.sla.targets import Unit
from deskhand.sla.working_time import NeverOpen
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.promise import HoursForm, zones
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page
from deskhand.workspace.views.settings.promise.words import moment_words

SECTION = "settings_promise"
EIGHT_HOURS, TWO_DAYS = 8 * 60, 2


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_hours(request: DeskRequest) -> HttpResponseBase:
    """Add business hours, such as those of another country."""
    week = {f"day_{index}": "09:00-17:30" for index in range(5)}
    form = HoursForm(request.POST or None, initial={"zone": settings.TIME_ZONE} | week)
    if _is_to_be_saved(request) and form.is_valid():
        with refusals(form, {HoursNotValid: "name"}):
            row = save_hours(new=form.hours(), act=request.act)
            messages.success(request, f"“{row.name}” was added. Its holidays are set here.")
            return redirect("workspace:settings_holidays", row.pk)
    return _hours_page(request, form, None)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def hours(request: DeskRequest, hours_id: int) -> HttpResponseBase:
    """Change business hours; open tickets are counted anew. `preview` only shows what would be."""
    row = get_object_or_404(BusinessHours, pk=hours_id, archived_at=None)
    week = {f"day_{index}": stretches for index, stretches in enumerate(week_of(row))}
    form = HoursForm(request.POST or None, initial={"name": row.name, "zone": row.zone} | week)
    if _is_to_be_saved(request) and form.is_valid():
        with refusals(form, {HoursNotValid: "name"}):
            save_hours(new=form.hours(), hours_id=row.pk, act=request.act)
            messages.success(request, "Saved. Open tickets are being counted anew.")
            return redirect("workspace:settings_promise")
    return _hours_page(request, form, row)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, hours_id: int) -> HttpResponseBase:
    """Put business hours away that no policy counts in."""
    row = get_object_or_404(BusinessHours, pk=hours_id, archived_at=None)
    try:
        archive_hours(hours_id=row.pk, act=request.act)
        messages.success(request, f"“{row.name}” was removed.")
    except HoursNotValid as error:
        messages.error(request, str(error))
        return redirect("workspace:settings_hours", hours_id)
    return redirect("workspace:settings_promise")


def _is_to_be_saved(request: DeskRequest) -> bool:
    return request.method == "POST" and "preview" not in request.POST


def _hours_page(request: DeskRequest, form: HoursForm, row: BusinessHours | None) -> HttpResponse:
    shows_preview = "preview" in request.POST and form.is_valid()
    context: dict[str, Any] = {
        "hours": row,
        "form": Shown(form),
        "days": list(enumerate(WEEKDAYS)),
        "zones": [(zone, zone.replace("_", " ")) for zone in zones()],
        "previews": _previews(request, form, row) if shows_preview else [],
    }
    return settings_page(request, "promise/hours.html", context, section=SECTION, status=status_of(form))


def _previews(request: DeskRequest, form: HoursForm, row: BusinessHours | None) -> list[tuple[str, str]]:
    zone = form.cleaned_data["zone"]
    calendar = form_calendar(zone=zone, week=form.week, hours_id=row.pk if row else None)
    asked = [("8 working hours from now", EIGHT_HOURS, Unit.WORKING_MINUTES)]
    asked += [("2 working days from now", TWO_DAYS, Unit.WORKING_DAYS)]
    try:
        moments = [(words, preview(calendar, request.act.at, amount, unit)) for words, amount, unit in asked]
    except NeverOpen as error:
        return [("With these hours", str(error))]
    return [(words, moment_words(moment.astimezone(ZoneInfo(zone)))) for words, moment in moments]
