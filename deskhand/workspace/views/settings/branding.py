"""What the desk looks like to clients: color, logo, footer."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.actions.desk import change_brand, change_logo, remove_logo
from deskhand.accounts.models import Desk
from deskhand.accounts.roles import Permission
from deskhand.core.colors import NotAColor
from deskhand.core.pictures import LARGEST_BYTES, UnusablePicture
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.branding import preview_of
from deskhand.workspace.forms.settings import BrandForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def branding(request: DeskRequest) -> HttpResponseBase:
    """Show and change the color and the footer."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {NotAColor: "accent"}):
            change_brand(**form.cleaned_data, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_branding")
    return _page(request, form, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def preview(request: DeskRequest) -> HttpResponseBase:
    """Show what a color would look like, while it is typed."""
    shown = preview_of(request.GET.get("accent", ""), otherwise=Desk.current().accent)
    return render(request, "workspace/settings/brand_preview.html", {"preview": shown})


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def logo(request: DeskRequest) -> HttpResponseBase:
    """Take a new logo."""
    sent = request.FILES.get("logo")
    if not isinstance(sent, UploadedFile):
        return _page(request, _form(request), logo_errors=["Choose a picture first."], status=422)
    try:
        change_logo(upload=sent.read(LARGEST_BYTES + 1), act=request.act)
    except UnusablePicture as error:
        return _page(request, _form(request), logo_errors=[str(error)], status=422)
    messages.success(request, "The new logo is shown.")
    return redirect("workspace:settings_branding")


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def logo_removal(request: DeskRequest) -> HttpResponseBase:
    """Go back to the initials."""
    remove_logo(act=request.act)
    messages.success(request, "The logo is removed.")
    return redirect("workspace:settings_branding")


def _form(request: DeskRequest) -> BrandForm:
    desk = Desk.current()
    given = (
        posted(request) if request.resolver_match and request.resolver_match.url_name == "settings_branding" else None
    )
    return BrandForm(given, initial={"accent": desk.accent, "footer_text": desk.footer_text})


def _page(
    request: DeskRequest, form: BrandForm, *, logo_errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    shown = Shown(form)
    preview = preview_of(shown.value("accent"), otherwise=Desk.current().accent)
    context = {"form": shown, "preview": preview, "logo_errors": logo_errors or []}
    return settings_page(request, "branding.html", context, section="settings_branding", status=status)
