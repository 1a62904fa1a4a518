"""Mail that a provider posts for a mailbox: which one, and the address to give to it."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.provider_accounts import (
    AccessKeyMissing,
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
from deskhand.mail.queries.mailboxes import address_of_provider
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_ways import ProviderForm, initial_of_provider
from deskhand.workspace.views.settings.mailbox_ways import Way, carry_out


def _context(box: Mailbox) -> dict[str, Any]:
    account: ProviderAccount | None = getattr(box, "provider_account", None)
    return {
        "providers": Provider.choices,
        "address": _address(account) if account else "",
        "has_key": bool(account and account.sealed_signing_key),
        "has_secret": bool(account and account.sealed_access_secret),
    }


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


POSTS = Way(
    template="mailbox_provider.html",
    form=ProviderForm,
    initial=initial_of_provider,
    save=set_provider,
    saved="Saved. Give the address below to the provider.",
    leads_to="workspace:settings_provider",
    refused={
        SigningKeyMissing: "signing_key",
        PublicKeyNotValid: "public_key",
        TopicNotValid: "topic",
        AccessKeyMissing: "access_key_id",
        AccessSecretMissing: "access_secret",
    },
    context=_context,
)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def provider(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change which provider posts the mailbox's mail."""
    return POSTS.change(request, mailbox_id)


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
    return carry_out(request, mailbox_id, remove_provider, "No more mail is taken from the provider.")
