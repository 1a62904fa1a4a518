"""How every page of the settings is rendered: beside the list of sections."""

from typing import Any

from django.http import HttpResponse

from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.sections import sections_for


def settings_page(
    request: DeskRequest, template: str, context: dict[str, Any], *, section: str, status: int = 200
) -> HttpResponse:
    """Render a template that extends workspace/settings/page.html; `section` is the name of its section's address."""
    frame = {"section_groups": sections_for(request.agent), "current": f"workspace:{section}"}
    return page(request, f"workspace/settings/{template}", frame | context, section="settings", status=status)
