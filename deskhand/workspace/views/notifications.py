"""What an agent was told, and what they want to be told."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from deskhand.core.numbers import whole_number
from deskhand.core.paging import IdCursor
from deskhand.notifications.actions.choosing import choose
from deskhand.notifications.actions.reading import read_all, read_one
from deskhand.notifications.queries.bell import list_notices
from deskhand.notifications.queries.choices import choices_of
from deskhand.notifications.topics import Channels, topics_of
from deskhand.web.access import for_agents
from deskhand.web.paging import links, place_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.pages import frame, page

SECTION = "notifications"
UNREAD = "unread"


@for_agents()
@require_GET
@vary_on_headers("HX-Request-Type")
def notices(request: DeskRequest) -> HttpResponseBase:
    """List what the agent was told, newest first; with ?show=unread what is not read yet."""
    only_unread = request.GET.get("show") == UNREAD
    after = place_in(request.GET, IdCursor)
    found = list_notices(request.agent, now=request.act.at, after=after, only_unread=only_unread)
    show = UNREAD if only_unread else ""
    ways = links(reverse("workspace:notifications"), after, found.next_cursor, show=show)
    context = {"list": found, "only_unread": only_unread, "here": request.get_full_path()}
    template = "workspace/notices_alone.html" if wants_fragment(request) else "workspace/notifications.html"
    return page(request, template, context | ways, section=SECTION)


@for_agents()
@require_GET
def bell(request: DeskRequest) -> HttpResponseBase:
    """Answer with the bell alone."""
    response: HttpResponse = render(request, "workspace/bell.html", frame(request))
    return response


@for_agents()
@require_POST
def reading(request: DeskRequest, notification_id: int) -> HttpResponseBase:
    """Mark one of the agent's notices as read."""
    read_one(agent=request.agent, notification_id=notification_id, act=request.act)
    return _back_to_list(request)


@for_agents()
@require_POST
def reading_all(request: DeskRequest) -> HttpResponseBase:
    """Mark everything up to the newest notice that the page showed as read."""
    newest = whole_number(request.POST.get("up_to", ""))
    if newest is not None:
        read_all(agent=request.agent, up_to=newest, act=request.act)
    return _back_to_list(request)


@for_agents()
@require_http_methods(["GET", "POST"])
def choices(request: DeskRequest) -> HttpResponseBase:
    """Show and change what the agent is told, and how."""
    agent = request.agent
    if request.method == "POST":
        chosen = {
            topic: Channels(in_app=f"{topic}-app" in request.POST, by_mail=f"{topic}-mail" in request.POST)
            for topic in topics_of(agent.role)
        }
        choose(agent=agent, wanted=chosen)
        messages.success(request, "Saved.")
        return redirect("workspace:notification_choices")
    context = {"choices": choices_of(agent)}
    return page(request, "workspace/notification_choices.html", context, section="profile")


def _back_to_list(request: DeskRequest) -> HttpResponseBase:
    address = reverse("workspace:notifications")
    return redirect(f"{address}?show={UNREAD}" if request.POST.get("show") == UNREAD else address)
