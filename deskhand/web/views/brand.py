"""The color, logo and icon of the desk. Open to everyone, as the sign-in page shows them."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from deskhand.accounts.models import Desk, DeskLogo
from deskhand.ui.branding import accent_css, accent_version, desk_mark, icon_version
from deskhand.web.access import open_to_everyone
from deskhand.web.viewers import DeskRequest

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"
_SANDBOX = "default-src 'none'; sandbox"


@open_to_everyone
@require_safe
def stylesheet(request: DeskRequest) -> HttpResponseBase:
    """Answer with the color as CSS; kept for ever where the address names the version that is in force."""
    desk = Desk.current()
    return _kept(request, accent_css(desk.accent), "text/css; charset=utf-8", accent_version(desk.accent))


@open_to_everyone
@require_safe
def logo(request: DeskRequest) -> HttpResponseBase:
    """Answer with the logo, or 404 where there is none."""
    shown = DeskLogo.objects.select_related("desk").defer("icon_png").first()
    if shown is None:
        raise Http404
    return _kept(request, bytes(shown.png), "image/png", shown.desk.logo_version)


@open_to_everyone
@require_safe
def icon(request: DeskRequest) -> HttpResponseBase:
    """Answer with the icon of browser tabs: the logo, made square, or the desk's initials."""
    desk = Desk.current()
    version = icon_version(desk.name, desk.accent, desk.logo_version)
    shown = DeskLogo.objects.defer("png").first() if desk.logo_version else None
    if shown is None:
        return _kept(request, desk_mark(desk.name, desk.accent), "image/svg+xml", version)
    return _kept(request, bytes(shown.icon_png), "image/png", version)


def _kept(request: DeskRequest, content: str | bytes, content_type: str, version: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = _FOR_EVER if request.GET.get("v") == version else _FOR_A_WHILE
    response["Content-Security-Policy"] = _SANDBOX
    return response
