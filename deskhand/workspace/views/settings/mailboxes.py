"""Mailboxes: the addresses clients write to, and how they are read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.models import Team
from deskhand.accounts.roles import Permission
from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.mailboxes import (
    AddressOfPerson,
    AddressTaken,
    AliasTaken,
    ImapFields,
    PasswordMissing,
    add_mailbox,
    change_mailbox,
    password_for,
    remove_imap,
    set_imap,
    switch_mailbox,
)
from deskhand.mail.actions.sign_in import access_token_for
from deskhand.mail.imap import ImapTrouble, Login, check
from deskhand.mail.models import (
    Acknowledging,
    AfterFetch,
    Existing,
    ImapAccount,
    ImapSecurity,
    Mailbox,
    MailboxSignIn,
    ProviderAccount,
    SignIn,
    SmtpAccount,
)
from deskhand.mail.oauth import OAuthTrouble
from deskhand.mail.queries.mailboxes import (
    health_of,
    list_mailboxes,
    state_of_provider,
    state_of_sending,
    state_of_sign_in,
)
from deskhand.mail.texts import TextNotValid
from deskhand.tickets.models import Category
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail import ImapForm, MailboxForm, initial_of_imap, initial_of_mailbox
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_mailboxes"
TAKEN = {
    AliasTaken: "aliases",
    AddressTaken: "address",
    AddressOfPerson: "address",
    TextNotValid: "acknowledgement_body",
}
NO_PASSWORD = {PasswordMissing: "password", SecretUnreadable: "password"}


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def mailboxes(request: DeskRequest) -> HttpResponseBase:
    """List the mailboxes, each with how reading it and sending from it goes."""
    return settings_page(request, "mailboxes.html", {"mailboxes": list_mailboxes()}, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def new_mailbox(request: DeskRequest) -> HttpResponseBase:
    """Add a mailbox."""
    form = MailboxForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            added = add_mailbox(form.fields_given, act=request.act)
            messages.success(request, f"“{added.name}” was added. Say how its mail gets here.")
            return redirect("workspace:settings_mailbox", added.pk)
    context = {"form": Shown(form)} | _choices()
    return settings_page(request, "new_mailbox.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show one mailbox, and change what it is."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    form = MailboxForm(posted(request), initial=initial_of_mailbox(box))
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            change_mailbox(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_mailbox", box.pk)
    return _mailbox_page(request, box, form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def activity(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Switch a mailbox off or on."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    is_enabled = request.POST.get("is_enabled") == "on"
    switch_mailbox(mailbox_id=box.pk, is_enabled=is_enabled, act=request.act)
    said = "Switched on. Mail that was held is let in now." if is_enabled else "Switched off. New mail is held."
    messages.success(request, said)
    return redirect("workspace:settings_mailbox", box.pk)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def imap(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Say how a mailbox is read by IMAP."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    form = ImapForm(request.POST)
    if form.is_valid():
        with refusals(form, NO_PASSWORD):
            set_imap(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
            messages.success(request, "Saved. Reading begins within seconds.")
            return redirect("workspace:settings_mailbox", box.pk)
    return _mailbox_page(request, box, imap_form=form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def imap_test(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Connect with what stands in the form, without saving it, and say what the server said."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    form, answer = ImapForm(request.POST), {}
    if form.is_valid():
        with refusals(form, NO_PASSWORD):
            given = form.fields_given
            answer = _tried(box, given, now=request.act.at)
    return _mailbox_page(request, box, imap_form=form, answer=answer)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def imap_end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Read the mailbox by IMAP no more."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    remove_imap(mailbox_id=box.pk, act=request.act)
    messages.success(request, "Fetching has ended, and the password is forgotten.")
    return redirect("workspace:settings_mailbox", box.pk)


def _tried(box: Mailbox, given: ImapFields, *, now: datetime) -> dict[str, str]:
    is_by_token = given.sign_in == SignIn.OAUTH2
    password = "" if is_by_token else password_for(ImapAccount.objects.filter(mailbox=box).first(), given)
    try:
        token = access_token_for(box.pk, host=given.host, now=now) if is_by_token else ""
        login = Login(given.host, given.port, given.security, given.user, password, given.folder, token)
        return {"test_success": check(login)}
    except (ImapTrouble, OAuthTrouble) as error:
        return {"test_trouble": str(error)}


def _mailbox_page(
    request: DeskRequest,
    box: Mailbox,
    *,
    form: MailboxForm | None = None,
    imap_form: ImapForm | None = None,
    answer: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    account = ImapAccount.objects.filter(mailbox=box).first()
    form = form or MailboxForm(initial=initial_of_mailbox(box))
    imap_form = imap_form or ImapForm(initial=initial_of_imap(account, box))
    context = {
        "box": box,
        "form": Shown(form),
        "imap": Shown(imap_form, prefix="imap"),
        "health": health_of(account),
        "sign_in": state_of_sign_in(MailboxSignIn.objects.filter(mailbox=box).first()),
        "provider": state_of_provider(ProviderAccount.objects.filter(mailbox=box).first()),
        "sending": state_of_sending(SmtpAccount.objects.filter(mailbox=box).first()),
        "ways_to_sign_in": SignIn.choices,
        "securities": ImapSecurity.choices,
        "ways_after": AfterFetch.choices,
        "existing": Existing.choices,
        "test_success": "",
        "test_trouble": "",
    }
    status = max(status_of(form), status_of(imap_form))
    return settings_page(request, "mailbox.html", context | _choices() | dict(answer), section=SECTION, status=status)


def _choices() -> dict[str, Any]:
    return {
        "teams": [("", "Nobody yet"), *Team.objects.order_by("name").values_list("pk", "name")],
        "acknowledging": Acknowledging.choices,
        "categories": [("", "None"), *Category.objects.order_by("position", "pk").values_list("pk", "name")],
    }
