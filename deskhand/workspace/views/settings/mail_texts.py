"""The texts of mail: which notices are sent, what every mail says in which language, and how it looks."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.core.languages import LANGUAGES
from deskhand.mail.actions.notices import send_test
from deskhand.mail.actions.texts import change_mail_settings, reset_text, save_text
from deskhand.mail.models import MailSettings, MailText, Quote, TextKind
from deskhand.mail.previews import example_of
from deskhand.mail.previews import preview as preview_of
from deskhand.mail.shipped import Text
from deskhand.mail.texts import VARIABLES, TextNotValid, checked_text, desk_language, shipped_text, text_of
from deskhand.web.access import for_agents
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.shown import Shown, posted, status_of
from deskhand.workspace.forms.texts import MailSettingsForm, MailTextForm
from deskhand.workspace.views.settings.pages import posted_from, settings_page

SECTION = "settings_texts"
FIELDS = ("acknowledges", "announces_closing", "quote", "copies_join", "language")

IN_FORM = {"subject": "Subject", "body": "Text"}
"""What the page calls the parts of a text."""


@dataclass(frozen=True)
class Place:
    """Which text in which language a page is about."""

    kind: TextKind
    language: str

    @property
    def has_subject(self) -> bool:
        """Whether its subject can be chosen; a reply's is the ticket's."""
        return self.kind != TextKind.REPLY

    @property
    def is_changed(self) -> bool:
        """Whether an admin changed it."""
        return MailText.objects.filter(kind=self.kind, language=self.language).exists()

    def address(self, verb: str = "", **more: str) -> str:
        """Return the address of the page, or of one of its verbs."""
        name = f"workspace:settings_text{'_' + verb if verb else ''}"
        return f"{reverse(name, args=[self.kind])}?{urlencode({'language': self.language, **more})}"


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def texts(request: DeskRequest) -> HttpResponseBase:
    """Show and change which notices are sent and what replies quote; list the texts."""
    now = MailSettings.current()
    form = MailSettingsForm(posted(request), initial={name: getattr(now, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        change_mail_settings(**form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_texts")
    context = {
        "form": Shown(form),
        "quotes": Quote.choices,
        "languages": LANGUAGES.items(),
        "texts": _listed(now.language),
    }
    return settings_page(request, "mail_texts.html", context, section=SECTION, status=status_of(form))


def _listed(language: str) -> list[tuple[TextKind, Text, list[str]]]:
    """Return each text in the desk's language, and the names of the languages in which it was changed."""
    rows = MailText.objects.order_by("language").values_list("kind", "language")
    changed = [(kind, LANGUAGES.get(code, code)) for kind, code in rows]
    return [(kind, text_of(kind, language), [name for of, name in changed if of == kind]) for kind in TextKind]


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def text(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Show and change one text."""
    place = _place(request, kind)
    now = text_of(place.kind, place.language)
    form = MailTextForm(posted(request), place=place.kind, initial={"subject": now.subject, "body": now.body})
    if request.method == "POST" and form.is_valid():
        save_text(kind=place.kind, language=place.language, **form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect(place.address())
    return _text_page(request, place, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def preview(request: DeskRequest, kind: str) -> HttpResponse:
    """Answer with the mail as it will look, for a frame: the text that was kept, or the one typed just now."""
    place = _place(request, kind)
    try:
        shown = _typed(request, place) if request.method == "POST" else text_of(place.kind, place.language)
    except TextNotValid as error:
        return framed_page("".join(f"<p>{IN_FORM[part]}: {escape(said)}</p>" for part, said in error.complaints))
    subject, plain, html = preview_of(example_of(place.kind, shown, place.language))
    if request.GET.get("as") == "text":
        return framed_page("<pre>" + escape(f"{subject}\n\n{plain}") + "</pre>")
    return framed_page(html)


@for_agents(Permission.SETTINGS_MANAGE)
@posted_from("workspace:settings_text")
def test(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Send the typed text to the agent who asks, and show it again: nothing is kept."""
    place = _place(request, kind)
    form = MailTextForm(request.POST, place=place.kind)
    if form.is_valid():
        letter = example_of(place.kind, _typed(request, place), place.language)
        send_test(letter=letter, person=request.agent.user, act=request.act)
        messages.success(request, f"A test is on its way to {request.agent.user.email}. The text is not saved yet.")
    return _text_page(request, place, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def reset(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Ask first, then go back to the text that came with Deskhand."""
    place = _place(request, kind)
    if request.method == "GET":
        context = {
            "place": place,
            "language_name": LANGUAGES[place.language],
            "is_shipped": shipped_text(place.kind, place.language) is not None,
        }
        return settings_page(request, "mail_text_reset.html", context, section=SECTION)
    reset_text(kind=place.kind, language=place.language, act=request.act)
    messages.success(request, "Your own text is gone.")
    return redirect(place.address())


def _place(request: DeskRequest, kind: str) -> Place:
    language = request.GET.get("language") or desk_language()
    if kind not in TextKind.values or language not in LANGUAGES:
        raise Http404
    return Place(TextKind(kind), language)


def _typed(request: DeskRequest, place: Place) -> Text:
    return checked_text(place.kind, request.POST.get("subject", ""), request.POST.get("body", ""))


def _text_page(request: DeskRequest, place: Place, form: MailTextForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": Shown(form),
        "place": place,
        "languages": [(Place(place.kind, code), name) for code, name in LANGUAGES.items()],
        "language_name": LANGUAGES[place.language],
        "desk_language": LANGUAGES[desk_language()],
        "is_shipped": shipped_text(place.kind, place.language) is not None,
        "variables": VARIABLES[place.kind],
    }
    return settings_page(request, "mail_text.html", context, section=SECTION, status=status_of(form))
