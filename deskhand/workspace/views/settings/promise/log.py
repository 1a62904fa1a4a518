"""The log of recalculations: which change moved which promises."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from deskhand.accounts.roles import Permission
from deskhand.sla.models import Recalculation
from deskhand.sla.queries.settings import moved_clocks, recalculation_log
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.views.settings.pages import settings_page
from deskhand.workspace.views.settings.promise.words import METRIC_NAMES

SECTION = "settings_promise"


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def log(request: DeskRequest) -> HttpResponseBase:
    """List the recalculations, the newest first."""
    return settings_page(request, "promise/log.html", {"log": recalculation_log()}, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def recalculation(request: DeskRequest, recalculation_id: int) -> HttpResponseBase:
    """Show which promises a change moved."""
    row = get_object_or_404(Recalculation.objects.select_related("made_by"), pk=recalculation_id)
    moved = [(clock, METRIC_NAMES[clock.metric.value]) for clock in moved_clocks(row.pk)]
    return settings_page(request, "promise/recalculation.html", {"row": row, "moved": moved}, section=SECTION)
