"""Mail that a provider posts for a mailbox: which one, and the address to give to it."""

from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.providers import (
    AccessSecretMissing,
    PublicKeyNotValid,
    SigningKeyMissing,
    TopicNotValid,
    remove_provider,
    renew_address,
    set_provider,
)
from deskhand.mail.models import Mailbox, Provider, ProviderAccount
from deskhand.mail.posts import basic_credentials
from deskhand.mail.queries.mailboxes import address_of_provider, state_of_provider
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_ways import ProviderForm, initial_of_provider
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_mailboxes"
REFUSALS = {
    SigningKeyMissing: "signing_key",
    PublicKeyNotValid: "public_key",
    TopicNotValid: "topic",
    AccessSecretMissing: "access_secret",
}


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def provider(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change which provider posts the mailbox's mail."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    account = ProviderAccount.objects.filter(mailbox=box).first()
    form = ProviderForm(posted(request), initial=initial_of_provider(account))
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSALS):
            set_provider(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
            messages.success(request, "Saved. Give the address below to the provider.")
            return redirect("workspace:settings_provider", box.pk)
    return _page(request, box, account, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def address(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Make another address; the one before leads nowhere."""
    account = get_object_or_404(ProviderAccount, mailbox_id=mailbox_id)
    renew_address(mailbox_id=account.mailbox_id, act=request.act)
    messages.success(request, "This is a new address. The one before leads nowhere.")
    return redirect("workspace:settings_provider", mailbox_id)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Take no more posts."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    remove_provider(mailbox_id=box.pk, act=request.act)
    messages.success(request, "No more mail is taken from the provider.")
    return redirect("workspace:settings_mailbox", box.pk)


def _page(request: DeskRequest, box: Mailbox, account: ProviderAccount | None, form: ProviderForm) -> HttpResponse:
    context = {
        "box": box,
        "form": Shown(form),
        "state": state_of_provider(account),
        "address": _address(account) if account else "",
        "has_key": bool(account and account.sealed_signing_key),
        "has_secret": bool(account and account.sealed_access_secret),
        "providers": Provider.choices,
    }
    return settings_page(request, "mailbox_provider.html", context, section=SECTION, status=status_of(form))


def _address(account: ProviderAccount) -> str:
    """The address to give to the provider; empty where it cannot be read any more."""
    try:
        parts = address_of_provider(account)
    except SecretUnreadable:
        return ""
    name = "web:mail_in_mime" if parts.provider == Provider.MAILGUN else "web:mail_in"
    base = urlsplit(settings.BASE_URL)
    login = ":".join(quote(part, safe="") for part in basic_credentials(parts.password)) + "@" if parts.password else ""
    return f"{base.scheme}://{login}{base.netloc}{reverse(name, args=[parts.provider, parts.token])}"
