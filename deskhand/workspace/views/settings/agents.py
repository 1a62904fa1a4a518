"""Who works here, and in which role."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.actions.agents import (
    LastAdmin,
    OwnAccount,
    change_details,
    deactivate_agent,
    invite_agent,
    reactivate_agent,
    set_role,
)
from deskhand.accounts.actions.people import AddressTaken
from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.accounts.models import Agent, Role
from deskhand.accounts.queries import list_agents, list_roles
from deskhand.accounts.roles import Permission
from deskhand.web.access import for_agents
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import AgentForm, NewAgentForm, RoleForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_agents"


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def agents(request: DeskRequest) -> HttpResponseBase:
    """List everyone who works or worked here, and the roles."""
    return settings_page(request, "agents.html", {"agents": list_agents(), "roles": list_roles()}, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_agent(request: DeskRequest) -> HttpResponseBase:
    """Let someone work here, and send them a one-time link."""
    form = NewAgentForm(posted(request), initial={"role": "agent"})
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        role = fields.pop("role")
        with refusals(form, {AddressTaken: "email"}):
            home = reverse("workspace:inbox")
            added = invite_agent(**fields, role_slug=role.slug, next_path=home, act=request.act)
            messages.success(request, f"{added.name} works here now. A sign-in link is on its way to them.")
            return redirect("workspace:settings_agents")
    context = {"form": Shown(form), "roles": _roles()}
    return settings_page(request, "new_agent.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def agent(request: DeskRequest, agent_id: int) -> HttpResponseBase:
    """Show one agent, and change who they are."""
    row = _found(agent_id)
    form = AgentForm(posted(request), initial={"name": row.name, "title": row.title, "phone": row.phone})
    if request.method == "POST" and form.is_valid():
        change_details(agent_id=row.pk, **form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_agents")
    return _agent_page(request, row, form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def role(request: DeskRequest, agent_id: int) -> HttpResponseBase:
    """Give an agent another role."""
    row = _found(agent_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        with refusals(form, {LastAdmin: "role"}):
            set_role(agent_id=row.pk, role=form.cleaned_data["role"], act=request.act)
            messages.success(request, f"{row.name} has the role {form.cleaned_data['role'].name} now.")
            return redirect("workspace:settings_agents")
    return _agent_page(request, row, role_form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def activity(request: DeskRequest, agent_id: int) -> HttpResponseBase:
    """Let an agent leave, or come back: `is_active` is "on" or anything else."""
    row = _found(agent_id)
    try:
        if request.POST.get("is_active") == "on":
            reactivate_agent(agent_id=row.pk, act=request.act)
            messages.success(request, f"{row.name} works here again.")
        else:
            deactivate_agent(agent_id=row.pk, act=request.act)
            messages.success(request, f"{row.name} was signed out and cannot sign in any more.")
    except (LastAdmin, OwnAccount) as error:
        messages.error(request, str(error))
    return redirect("workspace:settings_agent", agent_id)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def link(request: DeskRequest, agent_id: int) -> HttpResponseBase:
    """Send an agent a one-time sign-in link."""
    row = _found(agent_id)
    if not within_limits(request, what="link", address=row.user.email, act=request.act):
        messages.error(request, TOO_MANY)
    elif request_sign_in_link(address=row.user.email, act=request.act, next_path=reverse("workspace:inbox")):
        messages.success(request, f"A sign-in link is on its way to {row.name}. It works once, for 15 minutes.")
    else:
        messages.error(request, f"{row.name} does not work here any more.")
    return redirect("workspace:settings_agent", agent_id)


def _found(agent_id: int) -> Agent:
    return get_object_or_404(Agent.objects.select_related("user", "role"), pk=agent_id)


def _roles() -> list[tuple[str, str]]:
    return list(Role.objects.order_by("pk").values_list("slug", "name"))


def _agent_page(
    request: DeskRequest, row: Agent, *, form: AgentForm | None = None, role_form: RoleForm | None = None
) -> HttpResponse:
    form = form or AgentForm(initial={"name": row.name, "title": row.title, "phone": row.phone})
    role_form = role_form or RoleForm(initial={"role": row.role.slug})
    context: dict[str, Any] = {
        "person": row,
        "form": Shown(form),
        "role_form": Shown(role_form),
        "roles": _roles(),
        "is_self": row.pk == request.agent.pk,
    }
    status = max(status_of(form), status_of(role_form))
    return settings_page(request, "agent.html", context, section=SECTION, status=status)
