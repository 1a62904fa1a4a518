"""Teams and who is in them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.actions.teams import TeamNameTaken, create_team, rename_team, set_members
from deskhand.accounts.models import Agent, Team
from deskhand.accounts.queries import list_teams
from deskhand.accounts.roles import Permission
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import MembersForm, TeamForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_teams"
TAKEN = {TeamNameTaken: "name"}


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def teams(request: DeskRequest) -> HttpResponseBase:
    """List the teams, and add one."""
    form = TeamForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            added = create_team(**form.cleaned_data, act=request.act)
            messages.success(request, f"“{added.name}” was added. Choose who is in it.")
            return redirect("workspace:settings_team", added.pk)
    context = {"teams": list_teams(), "form": Shown(form)}
    return settings_page(request, "teams.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def team(request: DeskRequest, team_id: int) -> HttpResponseBase:
    """Show one team, and rename it."""
    row = get_object_or_404(Team, pk=team_id)
    form = TeamForm(posted(request), initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            rename_team(team_id=row.pk, **form.cleaned_data, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_teams")
    return _team_page(request, row, form, None)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def members(request: DeskRequest, team_id: int) -> HttpResponseBase:
    """Make the agents ticked the team. Those who left stay in it, for when they come back."""
    row = get_object_or_404(Team, pk=team_id)
    form = MembersForm(request.POST)
    if form.is_valid():
        absent = row.members.filter(user__is_active=False).select_related("user")
        set_members(team_id=row.pk, agents=[*form.cleaned_data["members"], *absent], act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_teams")
    return _team_page(request, row, TeamForm(initial={"name": row.name}), form)


def _team_page(request: DeskRequest, row: Team, form: TeamForm, chosen: MembersForm | None) -> HttpResponse:
    present = [str(pk) for pk in row.members.values_list("pk", flat=True)]
    ticked = set(request.POST.getlist("members") if chosen else present)
    context = {
        "team": row,
        "form": Shown(form),
        "members": [(agent, str(agent.pk) in ticked) for agent in Agent.objects.active()],
        "member_errors": Shown(chosen).errors("members") if chosen else [],
    }
    status = max(status_of(form), status_of(chosen) if chosen else 200)
    return settings_page(request, "team.html", context, section=SECTION, status=status)
