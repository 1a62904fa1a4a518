"""Policies: which tickets are promised what, the first that fits wins."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.sla.actions.policies import PolicyNotValid, archive_policy, move_policy, save_policy
from deskhand.sla.models import Policy
from deskhand.sla.models.policies import METRICS
from deskhand.sla.targets import TargetNotValid
from deskhand.web.access import for_agents
from deskhand.web.forms import offering
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.promise import (
    RUNNING_KINDS,
    PolicyForm,
    PromiseUnit,
    RemovalForm,
    policy_initial,
)
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.parsing import direction_in
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_promise"
REFUSED = {PolicyNotValid: "name", TargetNotValid: "name"}
ABOUT = {
    "first_response": "Until a person answers a new ticket.",
    "next_response": "Until a person answers the client's latest message.",
    "update": "At most so long between two messages to the client.",
    "resolution": "Until the ticket is closed.",
}


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_policy(request: DeskRequest) -> HttpResponseBase:
    """Add a policy; it is tried before the last one."""
    form = PolicyForm(request.POST or None, initial=policy_initial(None), viewer=request.agent)
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSED):
            applies = form.cleaned_data["applies_to_open"]
            row = save_policy(new=form.policy(), applies_to_open=applies, act=request.act)
            messages.success(request, f"“{row.name}” was added. Move it up where another one would win.")
            return redirect("workspace:settings_promise")
    return _policy_page(request, form, None)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def policy(request: DeskRequest, policy_id: int) -> HttpResponseBase:
    """Change a policy. Tickets keep what they were promised unless open ones are matched anew."""
    row = _found(policy_id)
    form = PolicyForm(request.POST or None, initial=policy_initial(row), viewer=request.agent)
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSED):
            applies = form.cleaned_data["applies_to_open"]
            save_policy(new=form.policy(), policy_id=row.pk, applies_to_open=applies, act=request.act)
            messages.success(request, "Saved. Open tickets are being counted anew." if applies else "Saved.")
            return redirect("workspace:settings_promise")
    return _policy_page(request, form, row)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def place(request: DeskRequest, policy_id: int) -> HttpResponseBase:
    """Try a policy one place earlier or later. The last one stays last."""
    move_policy(policy_id=_found(policy_id).pk, direction=direction_in(request.POST), act=request.act)
    return redirect("workspace:settings_promise")


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, policy_id: int) -> HttpResponseBase:
    """Put a policy away."""
    row, form = _found(policy_id), RemovalForm(request.POST)
    applies = form.is_valid() and form.cleaned_data["applies_to_open"]
    try:
        archive_policy(policy_id=row.pk, applies_to_open=applies, act=request.act)
        messages.success(request, f"“{row.name}” was removed.")
    except PolicyNotValid as error:
        messages.error(request, str(error))
    return redirect("workspace:settings_promise")


def _found(policy_id: int) -> Policy:
    rows = Policy.objects.filter(archived_at=None).prefetch_related("targets", "categories", "clients")
    return get_object_or_404(rows, pk=policy_id)


def _policy_page(request: DeskRequest, form: PolicyForm, row: Policy | None) -> HttpResponse:
    context: dict[str, Any] = {
        "policy": row,
        "form": Shown(form),
        "hours": [(hours.pk, hours.name) for hours in offering(form, "hours").queryset],
        "units": PromiseUnit.choices,
        "metrics": [(value, name, ABOUT[value]) for value, name in METRICS],
        "kinds": [(kind.value, kind.label) for kind in RUNNING_KINDS],
        "conditions": [
            (name, legend, _ticks(form, name), form.errors.get(name, []))
            for name, legend in (
                ("categories", "Category"),
                ("priorities", "Priority"),
                ("sources", "Came by"),
                ("mailboxes", "Written to"),
                ("plans", "Plan of the client"),
                ("clients", "Client"),
            )
        ],
        "ticked": {f"{metric}_kinds": _chosen(form, f"{metric}_kinds") for metric, _ in METRICS},
    }
    return settings_page(request, "promise/policy.html", context, section=SECTION, status=status_of(form))


def _chosen(form: PolicyForm, name: str) -> set[str]:
    return {str(value) for value in form[name].value() or []}


def _ticks(form: PolicyForm, name: str) -> list[tuple[str, str, bool]]:
    """Return value, label and whether it is ticked, for each box of a condition."""
    chosen = _chosen(form, name)
    choices = [(str(value), str(label)) for value, label in offering(form, name).choices]
    return [(value, label, value in chosen) for value, label in choices]
