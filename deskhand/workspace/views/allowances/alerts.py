"""Which contacts of a client are told when its allowance runs out."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.notifications.actions.choosing import choose_alert_contacts
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.lookups import client_or_404


@for_agents(Permission.ALLOWANCES_MANAGE)
@require_POST
def alert_contacts(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Make the ticked contacts those who are told."""
    client = client_or_404(request.agent, public_id)
    ids = [number for one in request.POST.getlist("contact") if (number := whole_number(one)) is not None]
    choose_alert_contacts(client=client, contact_ids=ids, act=request.act)
    messages.success(request, "Saved.")
    return redirect("workspace:client_allowance", public_id)
