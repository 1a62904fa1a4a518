"""The servers a mailbox is read from and sends by. An empty password keeps the stored one."""

from typing import Any

from django import forms

from deskhand.mail.actions.imap_accounts import ImapFields
from deskhand.mail.actions.smtp_accounts import SmtpFields
from deskhand.mail.models import (
    AfterFetch,
    Existing,
    ImapAccount,
    ImapSecurity,
    Mailbox,
    ReturnPath,
    SignIn,
    SmtpAccount,
    SmtpSecurity,
    SmtpSignIn,
)
from deskhand.mail.models.servers import MailServer
from deskhand.workspace.forms.fields import Choice, Host, Line, Port, StoredPassword
from deskhand.workspace.forms.mail_ways import WayForm


class ImapForm(WayForm):
    """How a mailbox is read by IMAP."""

    host = Host("imap.example.com")
    security = Choice(ImapSecurity)
    port = Port("993 for TLS, 143 for STARTTLS")
    sign_in = Choice(SignIn)
    user = Line(254)
    password = StoredPassword()
    folder = Line(200, missing="Enter the folder, usually INBOX.")
    existing = Choice(Existing)
    after_fetch = Choice(AfterFetch)
    move_to = Line(200)
    is_enabled = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the folder where mail is to be moved."""
        given = super().clean() or {}
        if given.get("after_fetch") == AfterFetch.MOVE:
            if not given.get("move_to"):
                self.add_error("move_to", "Enter the folder that fetched mail is moved to.")
            elif given.get("move_to") == given.get("folder"):
                self.add_error("move_to", "Enter another folder than the one that is read.")
        return given

    @property
    def fields_given(self) -> ImapFields:
        """What was entered, for the action; the form is valid."""
        return ImapFields(**self.cleaned_data)


class SmtpForm(WayForm):
    """By which server a mailbox sends."""

    host = Host("smtp.example.com")
    security = Choice(SmtpSecurity)
    port = Port("587 for STARTTLS, 465 for TLS")
    sign_in = Choice(SmtpSignIn)
    user = Line(254)
    password = StoredPassword()
    return_path = Choice(ReturnPath)

    @property
    def fields_given(self) -> SmtpFields:
        """What was entered, for the action; the form is valid."""
        return SmtpFields(**self.cleaned_data)


def initial_of_imap(box: Mailbox) -> dict[str, Any]:
    """Return what stands in the form at first, from the sign-in where there is one; never the password."""
    usual = ImapAccount(user=box.address, **_by_sign_in(box, "mail_host"))
    return _shown(ImapForm, getattr(box, "imap", usual))


def initial_of_smtp(box: Mailbox) -> dict[str, Any]:
    """Return what stands in the form at first, from the sign-in where that lets the desk send; never the password."""
    usual = SmtpAccount(user=box.address, **_by_sign_in(box, "smtp_host"))
    return _shown(SmtpForm, getattr(box, "smtp", usual))


def _by_sign_in(box: Mailbox, name: str) -> dict[str, str]:
    host = getattr(box.sign_in, name) if hasattr(box, "sign_in") else ""
    return {"host": host, "sign_in": SignIn.OAUTH2} if host else {}


def _shown(form: type[WayForm], account: MailServer) -> dict[str, Any]:
    return {name: getattr(account, name) for name in form.base_fields if name != "password"}
