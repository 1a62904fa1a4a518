"""A client's allowance: what is left this month, its plans, and starting one."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.plans import PlanNotValid, start_plan
from deskhand.allowances.models import AllowanceSettings, Plan
from deskhand.allowances.months import last_day, month_of
from deskhand.allowances.queries import Box, boxes_for, time_by_ticket
from deskhand.notifications.queries.choices import alert_choices
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.charts import history_chart
from deskhand.workspace.forms.allowances import Limit, OverageChoice, PlanForm, RolloverChoice
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.lookups import client_or_404
from deskhand.workspace.pages import page
from deskhand.workspace.views.allowances.lookups import today_of

SECTION = "clients"
MONTHS = 12


@for_agents(Permission.ALLOWANCES_VIEW)
@require_GET
def allowance(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Show what is left of each running plan, what the month's time went on, and the other plans."""
    client, today = client_or_404(request.agent, public_id), today_of(request)
    boxes = boxes_for(client, today=today, months=MONTHS)
    running = {box.plan_id for box in boxes}
    plans = {plan.pk: plan for plan in Plan.objects.of(client)}
    context = {
        "client": client,
        "boxes": [_shown(box, plans[box.plan_id]) for box in boxes],
        "others": [plan for plan in plans.values() if plan.pk not in running],
        "today": today,
        "month": month_of(today),
        "days_to_go": (last_day(today) - today).days,
        "tickets": time_by_ticket(client, month_of(today)),
        "used_up_words": AllowanceSettings.objects.get(pk=1).used_up_words,
        "may_manage": request.agent.may(Permission.ALLOWANCES_MANAGE),
        "alert_people": alert_choices(client),
    }
    return page(request, "workspace/allowances/client.html", context, section=SECTION)


@for_agents(Permission.ALLOWANCES_MANAGE)
@require_http_methods(["GET", "POST"])
def new_plan(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Give a client a plan."""
    client, today = client_or_404(request.agent, public_id), today_of(request)
    form = PlanForm(posted(request), initial=_first_terms(today), today=today)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {PlanNotValid: "name"}):
            plan = start_plan(client=client, new=form.terms(), today=today, act=request.act)
            messages.success(request, f"“{plan.name}” is set up.")
            return redirect("workspace:plan", public_id, plan.pk)
    context = {
        "client": client,
        "form": Shown(form),
        "limits": Limit.choices,
        "rollovers": RolloverChoice.choices,
        "overages": OverageChoice.choices,
    }
    return page(request, "workspace/allowances/new_plan.html", context, section=SECTION, status=status_of(form))


def _first_terms(today: date) -> dict[str, object]:
    return {
        "name": "Maintenance",
        "limit": Limit.HOURS.value,
        "starts_on": month_of(today),
        "rollover": RolloverChoice.NONE.value,
        "overage": OverageChoice.ALLOWED.value,
    }


def _shown(box: Box, plan: Plan) -> dict[str, object]:
    return {"box": box, "plan": plan, "chart": history_chart(box.bars)}
