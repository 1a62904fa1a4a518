"""What the desk promises, on one page: hours, policies in order, who is on call, and a preview."""

from zoneinfo import ZoneInfo

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.mail.queries.mailboxes import list_mailboxes
from deskhand.sla.models import OnCallSettings
from deskhand.sla.queries.on_call import on_call_agents
from deskhand.sla.queries.settings import all_hours, all_policies, form_calendar, preview, recalculation_log, week_of
from deskhand.sla.targets import TargetNotValid, Unit
from deskhand.sla.working_time import NeverOpen
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.promise import PreviewForm, PromiseUnit
from deskhand.workspace.forms.shown import Shown
from deskhand.workspace.views.settings.pages import settings_page
from deskhand.workspace.views.settings.promise.words import (
    amount_words,
    moment_words,
    policy_conditions,
    policy_targets,
    week_words,
)

SECTION = "settings_promise"
LOG_SHOWN = 5


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def overview(request: DeskRequest) -> HttpResponseBase:
    """Show everything that makes a promise, and when a time from now would be over."""
    hours = all_hours()
    form, answer = _preview(request, [row.pk for row in hours])
    addresses = {box.id: box.address for box in list_mailboxes()}
    context = {
        "hours": [(row, week_words(row)) for row in hours],
        "policies": [(row, policy_conditions(row, addresses), policy_targets(row)) for row in all_policies()],
        "on_call": on_call_agents(),
        "repeat_minutes": OnCallSettings.current().repeat_minutes,
        "log": recalculation_log()[:LOG_SHOWN],
        "form": Shown(form, prefix="preview"),
        "answer": answer,
        "units": PromiseUnit.choices,
        "chosen_hours": request.GET.get("hours", str(hours[0].pk)),
    }
    return settings_page(request, "promise/overview.html", context, section=SECTION)


def _preview(request: DeskRequest, known: list[int]) -> tuple[PreviewForm, str]:
    first = {"amount": "8", "unit": PromiseUnit.WORKING_MINUTES.value}
    form = PreviewForm(request.GET if "amount" in request.GET else None, initial=first)
    asked = whole_number(request.GET.get("hours", ""))
    hours_id = asked if asked in known else known[0]
    if not form.is_bound:
        return form, _answer(request, hours_id, 8 * 60, Unit.WORKING_MINUTES)
    if not form.is_valid():
        return form, ""
    return form, _answer(request, hours_id, form.length, Unit(form.cleaned_data["unit"].value))


def _answer(request: DeskRequest, hours_id: int, length: int, unit: Unit) -> str:
    row = next(row for row in all_hours() if row.pk == hours_id)
    calendar = form_calendar(zone=row.zone, week=week_of(row), hours_id=row.pk)
    try:
        moment = preview(calendar, request.act.at, length, unit)
    except (NeverOpen, TargetNotValid) as error:
        return str(error)
    return f"{amount_words(length, unit)} from now is {moment_words(moment.astimezone(ZoneInfo(row.zone)))}"
