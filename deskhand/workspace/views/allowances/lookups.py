"""Finding plans that an agent may see, and the days their pages are about."""

from datetime import date

from django.http import Http404
from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.allowances.models import Plan
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.lengths import month_in
from deskhand.workspace.lookups import client_or_404


def plan_or_404(agent: Agent, public_id: str, plan_id: int) -> Plan:
    """Return a plan of a client the agent may see. Raises Http404."""
    client = client_or_404(agent, public_id)
    plan = Plan.objects.of(client).select_related("client").filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    return plan


def month_or_404(text: str) -> date:
    """Return the first day of a month of an address, such as 2026-11. Raises Http404."""
    month = month_in(text)
    if month is None:
        raise Http404
    return month


def today_of(request: DeskRequest) -> date:
    """Return the desk's date at the moment of the request."""
    return timezone.localdate(request.act.at)
