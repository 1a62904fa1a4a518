"""One plan: its ledger, and what is done to it by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.locking import MonthIsLocked, ReasonMissing, reopen_month
from deskhand.allowances.actions.plans import MinutesNotValid, PlanNotValid, adjust, end_plan, top_up
from deskhand.allowances.history import ledger_of
from deskhand.allowances.models import Plan
from deskhand.allowances.words import grant_in_words, overage_in_words, rollover_in_words
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.allowances import AdjustmentForm, EndForm, ReopeningForm, TopUpForm
from deskhand.workspace.forms.lengths import month_in
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.pages import page
from deskhand.workspace.views.allowances.lookups import month_or_404, plan_or_404, today_of

SECTION = "clients"


@for_agents(Permission.ALLOWANCES_VIEW)
@require_GET
def plan(request: DeskRequest, public_id: str, plan_id: int) -> HttpResponseBase:
    """Show a plan's terms and its ledger, the newest month first."""
    return _plan_page(request, plan_or_404(request.agent, public_id, plan_id))


@for_agents(Permission.ALLOWANCES_MANAGE)
@require_POST
def adjustments(request: DeskRequest, public_id: str, plan_id: int) -> HttpResponseBase:
    """Give or take minutes by hand."""
    row, form = plan_or_404(request.agent, public_id, plan_id), AdjustmentForm(request.POST)
    if form.is_valid():
        with refusals(form, {MinutesNotValid: "minutes", MonthIsLocked: "on"}):
            adjust(plan_id=row.pk, **form.cleaned_data, act=request.act)
            messages.success(request, "The allowance is adjusted.")
            return redirect("workspace:plan", public_id, plan_id)
    return _plan_page(request, row, adjustment=form)


@for_agents(Permission.ALLOWANCES_MANAGE)
@require_POST
def top_ups(request: DeskRequest, public_id: str, plan_id: int) -> HttpResponseBase:
    """Add a block of bought minutes."""
    row, form = plan_or_404(request.agent, public_id, plan_id), TopUpForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form, {MinutesNotValid: "hours", MonthIsLocked: "on"}):
            top_up(
                plan_id=row.pk,
                minutes=given["hours"],
                on=given["on"],
                expires_on=given["expires_on"],
                act=request.act,
            )
            messages.success(request, "The time is added.")
            return redirect("workspace:plan", public_id, plan_id)
    return _plan_page(request, row, top=form)


@for_agents(Permission.ALLOWANCES_MANAGE)
@require_POST
def end(request: DeskRequest, public_id: str, plan_id: int) -> HttpResponseBase:
    """Let a plan end on a day."""
    row, form = plan_or_404(request.agent, public_id, plan_id), EndForm(request.POST)
    if form.is_valid():
        with refusals(form, {PlanNotValid: "ends_on"}):
            end_plan(plan_id=row.pk, ends_on=form.cleaned_data["ends_on"], act=request.act)
            messages.success(request, f"The plan ends on {form.cleaned_data['ends_on']:%d %B %Y}.")
            return redirect("workspace:plan", public_id, plan_id)
    return _plan_page(request, row, ending=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def reopenings(request: DeskRequest, public_id: str, plan_id: int) -> HttpResponseBase:
    """Open a final month again; who did and why is recorded."""
    row, form = plan_or_404(request.agent, public_id, plan_id), ReopeningForm(request.POST)
    month = month_or_404(request.POST.get("month", ""))
    if form.is_valid():
        with refusals(form, {ReasonMissing: "reason"}):
            if reopen_month(plan_id=row.pk, month=month, reason=form.cleaned_data["reason"], act=request.act):
                messages.success(request, f"{month:%B %Y} is open for a day, then it locks again.")
            return redirect("workspace:plan", public_id, plan_id)
    return _plan_page(request, row, reopening=form, reopened=month)


def _plan_page(
    request: DeskRequest,
    row: Plan,
    *,
    adjustment: forms.Form | None = None,
    top: forms.Form | None = None,
    ending: forms.Form | None = None,
    reopening: forms.Form | None = None,
    reopened: date | None = None,
) -> HttpResponse:
    today = today_of(request)
    given: Mapping[str, forms.Form] = {
        "adjustment": adjustment or AdjustmentForm(initial={"on": today}),
        "top": top or TopUpForm(initial={"on": today}),
        "ending": ending or EndForm(initial={"ends_on": row.ends_on or today}),
        "reopening": reopening or ReopeningForm(),
    }
    before = month_in(request.GET.get("before", ""))
    context: dict[str, Any] = {
        "client": row.client,
        "plan": row,
        "today": today,
        "ledger": ledger_of(row, today=today, before=before),
        "is_first_page": before is None,
        "terms": [grant_in_words(row), rollover_in_words(row), overage_in_words(row)],
        "forms": {name: Shown(form, prefix=name) for name, form in given.items()},
        "reopened": reopened,
        "may_manage": request.agent.may(Permission.ALLOWANCES_MANAGE),
        "may_reopen": request.agent.may(Permission.SETTINGS_MANAGE),
    }
    status = max(status_of(form) for form in given.values())
    return page(request, "workspace/allowances/plan.html", context, section=SECTION, status=status)
