"""Two hosts, one desk: clients may have an address of their own, at which there is no workspace."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from deskhand.project.errors import not_found

GetResponse = Callable[[HttpRequest], HttpResponseBase]
WORKSPACE = "/workspace"


class PortalHostMiddleware:
    """Sends whoever looks for the workspace at the clients' address to the desk's own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what is sent to the workspace at the clients' address goes nowhere."""
        is_workspace = request.path == WORKSPACE or request.path.startswith(f"{WORKSPACE}/")
        if not is_workspace or not is_portal_host(request):
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return not_found(request, Http404())
        return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())


def is_portal_host(request: HttpRequest) -> bool:
    """Return whether the request came to the clients' own address. Raises DisallowedHost for a foreign host."""
    if settings.PORTAL_URL == settings.BASE_URL:
        return False
    return urlsplit(f"//{request.get_host()}").hostname == urlsplit(settings.PORTAL_URL).hostname
