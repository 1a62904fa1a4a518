"""The sections of the settings."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.sections import sections_for


@for_agents()
@require_GET
def index(request: DeskRequest) -> HttpResponseBase:
    """List the sections this agent may open."""
    groups = sections_for(request.agent)
    if not groups:
        raise PermissionDenied
    return page(request, "workspace/settings/index.html", {"groups": groups}, section="settings")
