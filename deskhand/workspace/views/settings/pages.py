"""How every page of the settings is rendered: beside the list of sections."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskhand.web.access import View
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.sections import sections_for


def settings_page(
    request: DeskRequest, template: str, context: dict[str, Any], *, section: str, status: int = 200
) -> HttpResponse:
    """Render a template that extends workspace/settings/page.html; `section` is the name of its section's address."""
    frame = {"section_groups": sections_for(request.agent), "current": f"workspace:{section}"}
    return page(request, f"workspace/settings/{template}", frame | context, section="settings", status=status)


def posted_from(name: str) -> Callable[[View], View]:
    """Take what the page `name` posts, and answer with a page: who loads that address again comes back to the first."""

    def taking(view: View) -> View:
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def taken(request: DeskRequest, **named: object) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, **named)
            query = request.META.get("QUERY_STRING", "")
            return redirect(reverse(name, kwargs=named) + (f"?{query}" if query else ""))

        return taken

    return taking
