"""How every page of the workspace is rendered: inside the frame with navigation and counts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from deskhand.mail.queries.quarantine import held_of
from deskhand.notifications.queries.bell import unread_of
from deskhand.sla.queries.on_call import OpenAlert, alerts_of, own_alerts
from deskhand.tickets.queries.views import Counted, Counts, View, count_views
from deskhand.web.viewers import DeskRequest
from deskhand.workspace import navigation
from deskhand.workspace.attention import conditions_for, pressing_items

_BESIDES: dict[str, Counted] = {"alerts": alerts_of, "notices": unread_of, "held_mail": held_of}
"""What the frame counts besides tickets."""


def page(
    request: DeskRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    section: str = "",
    view: View | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a template that extends workspace/layout.html.

    `section` marks a page of the navigation as current, `view` a view of the inbox. The counts cost a query, alerts
    another while there are any; neither where a template does not show them.
    """
    return render(request, template, frame(request, section=section, view=view) | (context or {}), status=status)


def frame(request: DeskRequest, *, section: str = "", view: View | None = None) -> dict[str, Any]:
    """Return what the frame of every page needs."""
    agent = request.agent

    def counted() -> Counts:
        conditions = conditions_for(agent, request.act.at)
        return count_views(agent, groups_of=view, conditions=conditions, besides=_BESIDES)

    counts = SimpleLazyObject(counted)

    def alerted() -> list[OpenAlert]:
        return own_alerts(agent) if counts.besides["alerts"] else []

    new_ticket = navigation.allowed([navigation.NEW_TICKET] if navigation.NEW_TICKET else [], agent)
    return {
        "agent": agent,
        "section": section,
        "view": view,
        "counts": counts,
        "alerts": SimpleLazyObject(alerted),
        "nav_work": navigation.WORK,
        "nav_pressing": pressing_items(agent),
        "nav_held": navigation.allowed([navigation.HELD_MAIL], agent),
        "nav_status": navigation.STATUS,
        "nav_pages": navigation.allowed(navigation.PAGES, agent),
        "nav_account": navigation.allowed(navigation.ACCOUNT, agent),
        "nav_new_ticket": new_ticket[0] if new_ticket else None,
    }
