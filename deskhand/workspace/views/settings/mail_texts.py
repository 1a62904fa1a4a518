"""The texts of automatic mail: which are sent, what they say, and how they look."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.mail.actions.notices import send_test
from deskhand.mail.actions.texts import change_mail_settings, reset_text, save_text
from deskhand.mail.models import MailSettings, MailText, Quote, TextKind
from deskhand.mail.notices import preview as preview_of
from deskhand.mail.texts import VARIABLES, Text, TextNotValid, checked_text, text_of
from deskhand.web.access import for_agents
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.forms.texts import MailSettingsForm, MailTextForm
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_texts"


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def texts(request: DeskRequest) -> HttpResponseBase:
    """Show and change which notices are sent and what replies quote; list the texts."""
    now = MailSettings.current()
    initial = {name: getattr(now, name) for name in ("acknowledges", "announces_closing", "quote")}
    form = MailSettingsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        change_mail_settings(**form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_texts")
    changed = set(MailText.objects.values_list("kind", flat=True))
    listed = [(kind, text_of(kind), kind in changed) for kind in TextKind]
    context = {"form": Shown(form), "quotes": Quote.choices, "texts": listed}
    return settings_page(request, "mail_texts.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def text(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Show and change one text."""
    wanted = _kind(kind)
    now = text_of(wanted)
    form = MailTextForm(posted(request), initial={"subject": now.subject, "body": now.body})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {TextNotValid: "body"}):
            save_text(kind=wanted, **form.cleaned_data, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_text", wanted)
    return _text_page(request, wanted, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def preview(request: DeskRequest, kind: str) -> HttpResponse:
    """Answer with the mail as it will look, for a frame: the text that was kept, or the one typed just now."""
    wanted = _kind(kind)
    try:
        shown = _typed(request) if request.method == "POST" else text_of(wanted)
    except TextNotValid as error:
        shown = Text("Preview", str(error))
    return framed_page(preview_of(shown)[1])


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def test(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Send the typed text to the agent who asks, and show it again: nothing is kept."""
    wanted = _kind(kind)
    form = MailTextForm(request.POST)
    if form.is_valid():
        with refusals(form, {TextNotValid: "body"}):
            send_test(text=_typed(request), person=request.agent.user, act=request.act)
            messages.success(request, f"A test is on its way to {request.agent.user.email}. The text is not saved yet.")
    return _text_page(request, wanted, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def reset(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Go back to the text that came with Deskhand."""
    wanted = _kind(kind)
    reset_text(kind=wanted, act=request.act)
    messages.success(request, "The text is the one that came with Deskhand again.")
    return redirect("workspace:settings_text", wanted)


def _kind(name: str) -> TextKind:
    try:
        return TextKind(name)
    except ValueError as error:
        raise Http404 from error


def _typed(request: DeskRequest) -> Text:
    return checked_text(request.POST.get("subject", ""), request.POST.get("body", ""))


def _text_page(request: DeskRequest, kind: TextKind, form: MailTextForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": Shown(form),
        "kind": kind,
        "variables": VARIABLES,
        "is_changed": MailText.objects.filter(kind=kind).exists(),
    }
    return settings_page(request, "mail_text.html", context, section=SECTION, status=status_of(form))
