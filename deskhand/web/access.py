"""Every route says who may use it; one that does not stops the start.

A decorated view gets `request.act`, and `request.agent` or `request.contact`. Strangers to a place get 404, people
not signed in are sent to sign in, an agent without the permission gets 403.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse

from deskhand.accounts.actions.presence import note_seen
from deskhand.accounts.roles import Permission
from deskhand.events import Via
from deskhand.web.viewers import act_of, agent_of, contact_of, user_of

# The first argument is a DeskRequest, then what the route captures.
View = Callable[..., HttpResponseBase]


class Audience(StrEnum):
    """Whom a route is for."""

    EVERYONE = "everyone"
    PEOPLE = "people"
    AGENTS = "agents"
    CONTACTS = "contacts"


@dataclass(frozen=True)
class Access:
    """What a route declared."""

    audience: Audience
    permission: Permission | None = None


def _declare(view: Callable[..., Any], access: Access) -> None:
    view.access = access  # type: ignore[attr-defined]


def open_to_everyone(view: View) -> View:
    """Let anyone in, signed in or not; `request.act` has the user if there is one."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        request.act = act_of(request, Via.PORTAL)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    _declare(checked, Access(Audience.EVERYONE))
    return checked


def for_agents(permission: Permission | None = None) -> Callable[[View], View]:
    """Let agents in, with the permission where one is named; `request.agent` is set. Contacts meet 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user = user_of(request)
            if user is None:
                return to_sign_in(request)
            agent = agent_of(user)
            if agent is None:
                raise Http404
            if permission is not None and not agent.may(permission):
                raise PermissionDenied
            request.agent, request.act = agent, act_of(request, Via.WORKSPACE)  # type: ignore[attr-defined]
            note_seen(user=user, at=request.act.at)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        _declare(checked, Access(Audience.AGENTS, permission))
        return checked

    return decorate


def for_contacts(view: View) -> View:
    """Let contacts in; `request.contact` is set. An agent is sent to the workspace."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = user_of(request)
        if user is None:
            return to_sign_in(request)
        contact = contact_of(user)
        if contact is None:
            if agent_of(user) is not None and request.method == "GET":
                return HttpResponseRedirect(_in_workspace(request))
            raise Http404
        request.contact, request.act = contact, act_of(request, Via.PORTAL)  # type: ignore[attr-defined]
        note_seen(user=user, at=request.act.at)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    _declare(checked, Access(Audience.CONTACTS))
    return checked


def _in_workspace(request: HttpRequest) -> str:
    """Return the workspace's page for an agent who opened one of the portal: the same ticket, or else the inbox."""
    found = request.resolver_match
    if found is not None and found.view_name == "portal:ticket":
        return reverse("workspace:ticket", kwargs=found.kwargs)
    return reverse("workspace:inbox")


def for_people(view: View) -> View:
    """Let agents and contacts in; `request.agent` or `request.contact` is set, see `viewer_of`."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = user_of(request)
        if user is None:
            return to_sign_in(request)
        agent = agent_of(user)
        contact = None if agent else contact_of(user)
        if agent is None and contact is None:
            raise Http404
        request.agent, request.contact = agent, contact  # type: ignore[attr-defined]
        request.act = act_of(request, Via.WORKSPACE if agent else Via.PORTAL)  # type: ignore[attr-defined]
        note_seen(user=user, at=request.act.at)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    _declare(checked, Access(Audience.PEOPLE))
    return checked


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send someone who is not signed in to do so, and back afterwards; a fetch gets a plain 401."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse("You are signed out. Sign in again in another tab; your text is kept here.", status=401)
    target = reverse("web:sign_in")
    if request.method == "GET" and request.path != "/":
        target += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(target)


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route with its full pattern text."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


class RouteWithoutAccess(Exception):
    """A route declares nobody who may use it; decorate its view with one of web.access."""


def require_declared(patterns: list[URLPattern | URLResolver]) -> None:
    """Raise RouteWithoutAccess unless every route declares who may use it."""
    for path, entry in routes(patterns):
        if not isinstance(getattr(entry.callback, "access", None), Access):
            raise RouteWithoutAccess(f"/{path} ({entry.callback})")
