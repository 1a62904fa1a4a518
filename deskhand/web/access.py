"""Every route says who may use it; one that does not stops the start.

A decorated view gets `request.act` and `request.viewer`, who is also `request.agent` or `request.contact`. Strangers
to a place get 404, people not signed in are sent to sign in, an agent without the permission gets 403.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse

from deskhand.accounts.actions.presence import note_seen
from deskhand.accounts.models import Agent, User
from deskhand.accounts.roles import Permission
from deskhand.clients.models import Contact
from deskhand.events import Via
from deskhand.web.viewers import DeskRequest, act_of, agent_of, contact_of, user_of

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


def open_to_everyone(view: View) -> View:
    """Let anyone in, signed in or not; `request.act` has the user if there is one."""

    @wraps(view)
    def checked(request: DeskRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        request.act = act_of(request, Via.PORTAL)
        return view(request, *args, **kwargs)

    return _declared(checked, Access(Audience.EVERYONE))


def for_agents(permission: Permission | None = None) -> Callable[[View], View]:
    """Let agents in, with the permission where one is named; `request.agent` is set. Contacts meet 404."""
    return partial(_for_viewers, access=Access(Audience.AGENTS, permission), find=agent_of)


def for_contacts(view: View) -> View:
    """Let contacts in; `request.contact` is set. An agent is sent to the workspace."""
    return _for_viewers(view, access=Access(Audience.CONTACTS), find=contact_of)


def for_people(view: View) -> View:
    """Let agents and contacts in; `request.viewer` is set."""
    return _for_viewers(view, access=Access(Audience.PEOPLE), find=lambda user: agent_of(user) or contact_of(user))


def _for_viewers(view: View, *, access: Access, find: Callable[[User], Agent | Contact | None]) -> View:
    @wraps(view)
    def checked(request: DeskRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = user_of(request)
        if user is None:
            return to_sign_in(request)
        viewer = find(user)
        if viewer is None:
            return _turned_away(request, user, access)
        if access.permission is not None and not (isinstance(viewer, Agent) and viewer.may(access.permission)):
            raise PermissionDenied
        _enter(request, viewer)
        return view(request, *args, **kwargs)

    return _declared(checked, access)


def _declared(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def _enter(request: DeskRequest, viewer: Agent | Contact) -> None:
    """Tell the view who asks and acts, and remember that they were here."""
    request.viewer = viewer
    if isinstance(viewer, Agent):
        request.agent, request.act = viewer, act_of(request, Via.WORKSPACE)
    else:
        request.contact, request.act = viewer, act_of(request, Via.PORTAL)
    note_seen(user=viewer.user, at=request.act.at)


def _turned_away(request: HttpRequest, user: User, access: Access) -> HttpResponseBase:
    """Send an agent who opened a page of the portal to the workspace. Raises Http404 for everyone else."""
    if access.audience == Audience.CONTACTS and request.method == "GET" and agent_of(user) is not None:
        return HttpResponseRedirect(_in_workspace(request))
    raise Http404


def _in_workspace(request: HttpRequest) -> str:
    """Return the workspace's page for an agent who opened one of the portal: the same ticket, or else the inbox."""
    found = request.resolver_match
    if found is not None and found.view_name == "portal:ticket":
        return reverse("workspace:ticket", kwargs=found.kwargs)
    return reverse("workspace:inbox")


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
