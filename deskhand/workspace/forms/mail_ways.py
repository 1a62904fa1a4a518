"""How a mailbox works with a provider: signing in by OAuth 2.0, and posts."""

import re
from abc import abstractmethod
from typing import Any
from urllib.parse import urlsplit

from django import forms

from deskhand.mail.actions.provider_accounts import ProviderFields
from deskhand.mail.actions.sign_in import SignInFields
from deskhand.mail.models import Mailbox, MailboxSignIn, Provider, ProviderAccount, SignInProvider
from deskhand.mail.models.servers import THIS_MACHINE
from deskhand.mail.oauth import Endpoints, endpoints_of
from deskhand.workspace.forms.fields import Choice, Line, is_host

_TENANT = re.compile(r"^[A-Za-z0-9.-]{1,100}$")
_TENANT_IN_ADDRESS = re.compile(r"^https://login\.microsoftonline\.com/([^/]+)/")
OWN_ADDRESSES = {
    "authorize_url": "Enter the address where a person agrees. It begins with https://.",
    "token_url": "Enter the address that gives tokens. It begins with https://.",
    "scope": "Enter the scope that lets the desk read mail by IMAP.",
    "mail_host": "Enter the name of the IMAP server.",
    "smtp_host": "Enter the name of the SMTP server.",
}


class WayForm(forms.Form):
    """A way of mail, as an action takes it."""

    @property
    @abstractmethod
    def fields_given(self) -> Any:
        """What was entered, for the action; the form is valid."""


class SignInForm(WayForm):
    """How the desk gets tokens for a mailbox. An empty client secret keeps the stored one."""

    provider = Choice(SignInProvider)
    client_id = Line(300, missing="Enter the client ID that the provider gave to this desk.")
    client_secret = Line(1000, widget=forms.PasswordInput)
    tenant = Line(100)
    authorize_url = Line(500)
    token_url = Line(500)
    scope = Line(500)
    mail_host = Line(253)
    can_send = forms.BooleanField(required=False)
    smtp_host = Line(253)

    def clean_tenant(self) -> str:
        """Refuse what is no name of a tenant: it becomes a part of an address."""
        tenant = str(self.cleaned_data["tenant"])
        is_asked_for = self.cleaned_data.get("provider") == SignInProvider.MICROSOFT
        if is_asked_for and tenant and not _TENANT.match(tenant):
            raise forms.ValidationError("Enter the directory (tenant) ID, or leave it empty for any.")
        return tenant

    def clean(self) -> dict[str, Any]:
        """Ask for the addresses of a provider that is not known."""
        given = super().clean() or {}
        if given.get("provider") == SignInProvider.OTHER:
            for name, missing in OWN_ADDRESSES.items():
                is_needed = name != "smtp_host" or given.get("can_send")
                if is_needed and name not in self.errors and not _fits(name, given.get(name, "")):
                    self.add_error(name, missing)
        return given

    @property
    def fields_given(self) -> SignInFields:
        """What was entered, for the action; the form is valid."""
        given, can_send = self.cleaned_data, self.cleaned_data["can_send"]
        smtp_host = given["smtp_host"] if can_send else ""
        own = Endpoints(given["authorize_url"], given["token_url"], given["scope"], given["mail_host"], smtp_host)
        return SignInFields(
            provider=given["provider"],
            endpoints=endpoints_of(given["provider"], tenant=given["tenant"], can_send=can_send) or own,
            client_id=given["client_id"],
            client_secret=given["client_secret"],
        )


class ProviderForm(WayForm):
    """Which provider posts a mailbox's mail. An empty signing key or secret keeps the stored one."""

    provider = Choice(Provider)
    signing_key = Line(300, widget=forms.PasswordInput)
    public_key = Line(300)
    topic = Line(300)
    access_key_id = Line(128)
    access_secret = Line(300, widget=forms.PasswordInput)
    is_enabled = forms.BooleanField(required=False)

    @property
    def fields_given(self) -> ProviderFields:
        """What was entered, for the action; the form is valid."""
        return ProviderFields(**self.cleaned_data)


def initial_of_sign_in(box: Mailbox) -> dict[str, Any]:
    """Return what stands in the form at first; the secret never does."""
    sign_in: MailboxSignIn | None = getattr(box, "sign_in", None)
    if sign_in is None:
        return {"provider": SignInProvider.MICROSOFT}
    tenant = _TENANT_IN_ADDRESS.match(sign_in.authorize_url)
    is_other = sign_in.provider == SignInProvider.OTHER
    own = {name: getattr(sign_in, name) for name in OWN_ADDRESSES} if is_other else {}
    own["can_send"] = bool(sign_in.smtp_host)
    return {
        "provider": sign_in.provider,
        "client_id": sign_in.client_id,
        "tenant": tenant[1] if tenant and tenant[1] != "common" else "",
    } | own


def initial_of_provider(box: Mailbox) -> dict[str, Any]:
    """Return what stands in the form at first; secrets never do."""
    account: ProviderAccount | None = getattr(box, "provider_account", None)
    if account is None:
        return {"provider": Provider.POSTMARK, "is_enabled": True}
    shown = ("provider", "topic", "access_key_id", "public_key", "is_enabled")
    return {name: getattr(account, name) for name in shown}


def _fits(name: str, value: str) -> bool:
    if name == "scope":
        return bool(value)
    if name in {"mail_host", "smtp_host"}:
        return is_host(value)
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    # What goes there is the client secret: without TLS only as far as this machine.
    is_protected = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    return is_protected and bool(parts.hostname) and parts.username is None
