"""The time log: who worked on what, by week, agent, client or ticket; correcting and deleting."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.locking import MonthIsLocked
from deskhand.allowances.actions.time import (
    AllowanceUsedUp,
    ApprovalNeeded,
    TimeNotValid,
    charging_of,
    correct_time,
    delete_time,
)
from deskhand.allowances.models import TimeEntry
from deskhand.allowances.time_log import ROWS_IN_A_FILE, TimeFilter, TimeLogQuery, time_rows, week_of
from deskhand.clients.models import Client
from deskhand.core.numbers import whole_number
from deskhand.web.access import for_agents
from deskhand.web.statements import csv_answer
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.allowances import TimeForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.pages import page
from deskhand.workspace.views.allowances.lookups import today_of

SECTION = "time"
LONGEST = timedelta(days=366)
WEEK = timedelta(days=7)


@for_agents(Permission.TIME_LOG)
@require_GET
def time_log(request: DeskRequest) -> HttpResponseBase:
    """List logged time by day, a week unless other days are asked for."""
    query = TimeLogQuery(request.agent)
    try:
        asked, problem = _asked(request, request.GET), ""
    except BadRequest as error:
        asked, problem = _asked(request, QueryDict()), str(error)
    narrowed = {name: request.GET[name] for name in ("agent", "client", "ticket") if request.GET.get(name)}
    context = {
        "log": query.log(asked),
        "asked": asked,
        "problem": problem,
        "given": {name: request.GET.get(name, "") for name in ("agent", "client", "ticket")},
        "sees_all": query.sees_all,
        "agents": [("", "Everyone"), *((agent.pk, agent.name) for agent in Agent.objects.active())],
        "clients": [("", "All clients"), *_clients(request.agent)],
        "earlier": _address(asked, -WEEK, narrowed),
        "later": _address(asked, WEEK, narrowed),
        "file": reverse("workspace:time_log_csv") + "?" + _days(asked, timedelta(), narrowed),
        "is_week": asked.last - asked.first == WEEK - timedelta(days=1),
    }
    status = 400 if problem else 200
    return page(request, "workspace/allowances/time_log.html", context, section=SECTION, status=status)


@for_agents(Permission.TIME_LOG)
@require_GET
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """Send what the list shows as a CSV file."""
    query, asked = TimeLogQuery(request.agent), _asked(request, request.GET)
    rows = time_rows(query.log(asked, limit=ROWS_IN_A_FILE), with_charged=query.sees_all)
    return csv_answer(rows, f"time-{asked.first.isoformat()}-{asked.last.isoformat()}")


@for_agents(Permission.TIME_LOG)
@require_http_methods(["GET", "POST"])
def time_entry(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Correct logged time."""
    entry, sees_figures = _found(request, public_id), request.agent.may(Permission.ALLOWANCES_VIEW)
    if entry.deleted_at is not None:
        messages.error(request, "This was deleted meanwhile. Log it anew if the work was done.")
        return redirect(_week_address(entry.work_on))
    form = TimeForm(posted(request), initial=_initial(entry))
    if request.method == "POST" and form.is_valid() and (sees_figures or _keeps_charge(form, entry)):
        complaints = {TimeNotValid: "actual", MonthIsLocked: "work_on", AllowanceUsedUp: "actual"}
        with refusals(form, {**complaints, ApprovalNeeded: "actual"}):
            correct_time(entry_id=entry.pk, new=form.work(), act=request.act)
            messages.success(request, "Corrected.")
            return redirect(_week_address(form.cleaned_data["work_on"]))
    return _entry_page(request, entry, form, sees_figures=sees_figures)


@for_agents(Permission.TIME_LOG)
@require_POST
def removal(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Delete logged time; what it used is given back."""
    entry = _found(request, public_id)
    try:
        delete_time(entry_id=entry.pk, act=request.act)
        messages.success(request, "Deleted. The time is given back to the allowance.")
    except MonthIsLocked as error:
        messages.error(request, str(error))
        return redirect("workspace:time_entry", public_id)
    return redirect(_week_address(entry.work_on))


def _found(request: DeskRequest, public_id: str) -> TimeEntry:
    entry = TimeLogQuery(request.agent).entry(public_id)
    if entry is None:
        raise Http404
    return entry


def _initial(entry: TimeEntry) -> dict[str, Any]:
    return {
        "work_on": entry.work_on,
        "actual": entry.actual_minutes,
        "description": entry.description,
        "charged": entry.charged_minutes if entry.charge_note else None,
        "charge_note": entry.charge_note,
    }


def _keeps_charge(form: TimeForm, entry: TimeEntry) -> bool:
    """Let people who see no figures change none: what was decided by hand stays, and so does the time then."""
    if entry.charge_note and entry.actual_minutes != form.cleaned_data["actual"]:
        form.add_error("actual", "What is charged for this was decided by hand. Ask an account manager to change it.")
        return False
    form.cleaned_data["charged"] = entry.charged_minutes if entry.charge_note else None
    form.cleaned_data["charge_note"] = entry.charge_note
    return True


def _entry_page(request: DeskRequest, entry: TimeEntry, form: TimeForm, *, sees_figures: bool) -> HttpResponse:
    rules = charging_of(entry.ticket)
    context = {"entry": entry, "form": Shown(form), "rules": rules, "sees_figures": sees_figures}
    context["back"] = _week_address(entry.work_on)
    return page(request, "workspace/allowances/time_entry.html", context, section=SECTION, status=status_of(form))


def _asked(request: DeskRequest, given: QueryDict) -> TimeFilter:
    """Return which time the address asks for. Raises BadRequest, Http404 for strangers' clients."""
    first, last = week_of(today_of(request))
    first = _day(given, "from") or first
    last = _day(given, "to") or (first + WEEK - timedelta(days=1) if given.get("from") else last)
    if last < first:
        first, last = last, first
    if last - first > LONGEST:
        raise BadRequest("At most a year at once.")
    client = Client.objects.visible_to(request.agent).filter(public_id=given.get("client", "")).first()
    agent = Agent.objects.select_related("user").filter(pk=whole_number(given.get("agent", "")) or 0).first()
    if (given.get("client") and client is None) or (given.get("agent") and agent is None):
        raise Http404
    number = whole_number(given.get("ticket", "").strip().removeprefix("#"))
    if given.get("ticket", "").strip() and number is None:
        raise BadRequest("Enter a ticket's number, such as 1042.")
    return TimeFilter(first, last, agent, client.pk if client else None, number)


def _day(given: QueryDict, name: str) -> date | None:
    text = given.get(name, "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest("Enter days such as 2026-11-30.") from error
    if day is not None and not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        raise BadRequest("That is too long ago, or too far ahead. Check the year.")
    return day


def _days(asked: TimeFilter, shift: timedelta, narrowed: dict[str, str]) -> str:
    days = {"from": (asked.first + shift).isoformat(), "to": (asked.last + shift).isoformat()}
    return urlencode(days | narrowed)


def _address(asked: TimeFilter, shift: timedelta, narrowed: dict[str, str]) -> str:
    return reverse("workspace:time_log") + "?" + _days(asked, shift, narrowed)


def _week_address(day: date) -> str:
    first, last = week_of(day)
    return _address(TimeFilter(first, last), timedelta(), {})


def _clients(agent: Agent) -> list[tuple[str, str]]:
    return list(Client.objects.visible_to(agent).order_by("name").values_list("public_id", "name"))
