"""What the portal tells clients: the announcement, and the help page."""

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.clients.actions.portal_words import (
    HelpText,
    HelpTextMissing,
    add_help_section,
    announce,
    change_help_section,
    move_help_section,
    remove_help_section,
    reset_help,
)
from deskhand.clients.models import Announcement, HelpSection
from deskhand.clients.queries.portal_words import help_sections
from deskhand.core.documents import EMPTY, is_empty, to_html, to_text, without_pictures
from deskhand.core.html import trusted
from deskhand.tickets.bodies import BodyNotValid, from_composer
from deskhand.tickets.models import Category
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import AnnouncementForm, HelpForm
from deskhand.workspace.forms.shown import Shown, posted, status_of
from deskhand.workspace.parsing import direction_in
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_portal"
HOME = "workspace:settings_portal"


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def portal(request: DeskRequest) -> HttpResponseBase:
    """Show what clients are told and where each part of it is written; change what is announced."""
    form = AnnouncementForm(posted(request), initial={"text": Announcement.current().text})
    if request.method == "POST" and form.is_valid():
        shown = announce(text=form.cleaned_data["text"], act=request.act)
        messages.success(request, "Clients see it from now on." if shown.text else "Nothing is announced any more.")
        return redirect(HOME)
    critical = Category.objects.filter(is_business_critical=True).order_by("position", "id").first()
    context = {"form": Shown(form), "sections_of_help": help_sections(), "critical": critical}
    return settings_page(request, "portal.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_section(request: DeskRequest) -> HttpResponseBase:
    """Add a section, or look at it first."""
    form = HelpForm(posted(request))
    text = _text(form)
    if text is None or "preview" in request.POST:
        return _section_page(request, form, text)
    added = add_help_section(text=text, act=request.act)
    messages.success(request, f"“{added.title}” stands at the end of the help page.")
    return redirect(HOME)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def section(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Change a section, or look at it first."""
    row = get_object_or_404(HelpSection, public_id=public_id)
    form = HelpForm(posted(request), initial={"title": row.title, "text": to_text(row.document)})
    text = _text(form)
    if text is None or "preview" in request.POST:
        return _section_page(request, form, text, row)
    change_help_section(public_id=public_id, text=text, act=request.act)
    messages.success(request, "Saved.")
    return redirect(HOME)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def place(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Move a section one place."""
    row = get_object_or_404(HelpSection, public_id=public_id)
    move_help_section(section_id=row.pk, direction=direction_in(request.POST), act=request.act)
    return redirect(HOME)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Take a section off the page."""
    row = get_object_or_404(HelpSection, public_id=public_id)
    remove_help_section(public_id=row.public_id, act=request.act)
    messages.success(request, f"“{row.title}” is removed.")
    return redirect(HOME)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def reset(request: DeskRequest) -> HttpResponseBase:
    """Ask first, then go back to the sections that came with Deskhand."""
    if request.method != "POST":
        return settings_page(request, "help_reset.html", {}, section=SECTION)
    reset_help(act=request.act)
    messages.success(request, "The help that came with Deskhand is shown again.")
    return redirect(HOME)


def _text(form: HelpForm) -> HelpText | None:
    """Return what was written, None where nothing was sent or something is to be mended."""
    if not form.is_bound or not form.is_valid():
        return None
    written = {"document_json": form.cleaned_data["document"], "plain_text": form.cleaned_data["text"]}
    try:
        # A picture in it would belong to the agent who pasted it, and be shown to nobody else.
        document = without_pictures(from_composer(**written).document or EMPTY)
    except BodyNotValid as error:
        form.add_error("text", str(error))
        return None
    if is_empty(document):
        form.add_error("text", str(HelpTextMissing()))
        return None
    return HelpText(form.cleaned_data["title"], document)


def _document(form: HelpForm, row: HelpSection | None) -> str:
    if form.is_bound or row is None:
        return str(form["document"].value() or "")
    return json.dumps(row.document)


def _section_page(
    request: DeskRequest, form: HelpForm, text: HelpText | None, row: HelpSection | None = None
) -> HttpResponse:
    context = {
        "form": Shown(form),
        "row": row,
        "document": _document(form, row),
        "preview": trusted(to_html(text.document)) if text else "",
        "preview_title": text.title if text else "",
    }
    return settings_page(request, "help_section.html", context, section=SECTION, status=status_of(form))
