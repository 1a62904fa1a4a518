"""Who is called for business critical tickets."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.sla.actions.on_call import OnCallNotValid, set_on_call
from deskhand.sla.models import OnCallSettings
from deskhand.sla.queries.on_call import on_call_agents
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.promise import OnCallForm
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def on_call(request: DeskRequest) -> HttpResponseBase:
    """Show and change who is on call, and how often alerts repeat."""
    present = [str(agent.pk) for agent in on_call_agents()]
    form = OnCallForm(request.POST or None, initial={"repeat_minutes": OnCallSettings.current().repeat_minutes})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {OnCallNotValid: "repeat_minutes"}):
            chosen, repeat = form.cleaned_data["agents"], form.cleaned_data["repeat_minutes"]
            set_on_call(agent_ids=[agent.pk for agent in chosen], repeat_minutes=repeat, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_promise")
    ticked = request.POST.getlist("agents") if request.method == "POST" else present
    agents = [(agent, str(agent.pk) in ticked) for agent in Agent.objects.active()]
    context = {"form": Shown(form), "agents": agents}
    return settings_page(request, "promise/on_call.html", context, section="settings_promise", status=status_of(form))
