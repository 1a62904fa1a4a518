"""Signing in and out, through allauth, so that its later stages (second factor) apply to every door."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from deskhand.accounts.models import User
from deskhand.accounts.rate_limits import allow
from deskhand.events import Act
from deskhand.web.viewers import agent_of

BACKEND = "deskhand.web.recognizing.PersonBackend"
TOO_MANY = "That was tried too often. Wait a quarter of an hour, then try again."
"""What to say beyond the limits; it names the window of `allow`."""
TRIES_PER_ADDRESS = 5
TRIES_PER_ORIGIN = 30


def within_limits(request: HttpRequest, *, what: str, address: str, act: Act) -> bool:
    """Count a try and return whether both the network it comes from and the address named are within limits.

    The origin is counted first: a flood from one place spends its own limit before it can spend a victim's.
    """
    origin = f"{what}:from:{_network(request.META.get('REMOTE_ADDR', ''))}"
    if not allow(origin, limit=TRIES_PER_ORIGIN, now=act.at):
        return False
    key = f"{what}:to:{address.strip().lower()}"
    return allow(key, limit=TRIES_PER_ADDRESS, now=act.at)


def _network(address: str) -> str:
    """Return the address, or the /64 of an IPv6 one: a household owns all of that."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else parsed.exploded[:19]  # noqa: PLR2004


def authenticate(request: HttpRequest, *, email: str, password: str) -> User | None:
    """Return the active user with these credentials, in the same time whether or not the address is known."""
    user = get_adapter().authenticate(request, email=email, password=password)
    return user if isinstance(user, User) and user.is_active else None


def sign_in_user(request: HttpRequest, user: User, *, next_path: str) -> HttpResponseBase:
    """Start a new session for `user` and send them on; allauth may put a second factor in between."""
    user.backend = BACKEND
    target = safe_path(next_path) or home_of(user)
    answer: HttpResponseBase = perform_login(request, Login(user=user, redirect_url=target, email=user.email))
    return answer


def note_link(request: HttpRequest) -> None:
    """Remember in the session that its owner came by a one-time link, which proves the mailbox is theirs."""
    request.session["came_by_link"] = True


def came_by_link(request: HttpRequest) -> bool:
    """Whether this session began with a one-time link, so that a forgotten password can be replaced."""
    return bool(request.session.get("came_by_link"))


def home_of(user: User) -> str:
    """Return the page a person begins on: the workspace for agents, the portal for everyone else."""
    return reverse("workspace:inbox") if agent_of(user) else reverse("portal:home")


def safe_path(path: str) -> str:
    """Return `path` when it leads into this desk, an empty string otherwise."""
    own = urlsplit(settings.BASE_URL).netloc
    if not url_has_allowed_host_and_scheme(path, allowed_hosts={own}) or not path.startswith("/"):
        return ""
    return path
