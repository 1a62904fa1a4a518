"""How mail comes to a mailbox and leaves it: each way is a page of settings that are shown, saved and tried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.servers import NotProtected, PasswordMissing, UserMissing
from deskhand.mail.models import Mailbox
from deskhand.mail.queries.mailboxes import ways_of
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_ways import WayForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_mailboxes"
SERVER_REFUSALS: Mapping[type[Any], str] = {
    NotProtected: "security",
    UserMissing: "user",
    PasswordMissing: "password",
    SecretUnreadable: "password",
}


@dataclass(frozen=True)
class Tried:
    """What came of trying out what stands in a form, in the other side's words."""

    words: str
    is_well: bool


class Trying(Protocol):
    """Tries out what was entered for a mailbox, without saving it. Raises what is refused."""

    def __call__(self, mailbox_id: int, fields: Any, *, now: datetime) -> Tried:
        """Return what came of it."""


@dataclass(frozen=True)
class Way:
    """One way of mail, as its page shows it."""

    template: str
    form: type[WayForm]
    initial: Callable[[Mailbox], dict[str, Any]]
    """What stands in the form at first."""
    save: Callable[..., object]
    saved: str
    """What is said then."""
    leads_to: str
    """The name of the address one comes to then."""
    refused: Mapping[type[Any], str]
    """Under which field an action's refusal is shown."""
    context: Callable[[Mailbox], dict[str, Any]]
    """What the page shows besides."""

    def change(self, request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
        """Show the settings, and save what was entered."""
        box = mailbox_with_ways(mailbox_id)
        form = self.form(posted(request), initial=self.initial(box))
        if request.method == "POST" and form.is_valid():
            with refusals(form, self.refused):
                self.save(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
                messages.success(request, self.saved)
                return redirect(self.leads_to, box.pk)
        return self._page(request, box, form)

    def test(self, request: DeskRequest, mailbox_id: int, trying: Trying) -> HttpResponseBase:
        """Try out what stands in the form, without saving it, and say what came of it."""
        box, form, tried = mailbox_with_ways(mailbox_id), self.form(request.POST), None
        if form.is_valid():
            with refusals(form, self.refused):
                tried = trying(box.pk, form.fields_given, now=request.act.at)
        return self._page(request, box, form, tried)

    def _page(self, request: DeskRequest, box: Mailbox, form: WayForm, tried: Tried | None = None) -> HttpResponse:
        context = {"box": box, "ways": ways_of(box), "form": Shown(form), "tried": tried} | self.context(box)
        return settings_page(request, self.template, context, section=SECTION, status=status_of(form))


def mailbox_with_ways(mailbox_id: int) -> Mailbox:
    """Return a mailbox with how its mail comes and goes. Raises Http404."""
    return get_object_or_404(Mailbox.objects.with_ways(), pk=mailbox_id)


def carry_out(request: DeskRequest, mailbox_id: int, action: Callable[..., object], said: str) -> HttpResponseBase:
    """Do to a mailbox what a button asks for, say so, and go to its page."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    action(mailbox_id=box.pk, act=request.act)
    messages.success(request, said)
    return redirect("workspace:settings_mailbox", box.pk)
