"""Signing in at a mailbox's server by OAuth 2.0: the settings, and the way to the provider and back."""

import hmac
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.secrets import SecretUnreadable
from deskhand.core.text import one_line
from deskhand.mail.actions.sign_in import ClientSecretMissing, connect, disconnect, set_sign_in
from deskhand.mail.models import ImapAccount, Mailbox, MailboxSignIn, SignInProvider
from deskhand.mail.oauth import Endpoints, OAuthTrouble, address_to_agree
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_ways import SignInForm, initial_of_sign_in
from deskhand.workspace.views.settings.mailbox_ways import SECTION, Way, carry_out
from deskhand.workspace.views.settings.pages import posted_from, settings_page

IN_SESSION = "mailbox_sign_in"
"""Where the session keeps, until the person is back, which mailbox it is about and what the answer has to carry."""


def _redirect_uri() -> str:
    return str(settings.BASE_URL) + reverse("workspace:settings_sign_in_agreed")


SIGN_IN = Way(
    template="mailbox_sign_in.html",
    form=SignInForm,
    initial=initial_of_sign_in,
    save=set_sign_in,
    saved="Saved.",
    leads_to="workspace:settings_sign_in",
    refused={ClientSecretMissing: "client_secret"},
    context=lambda box: {
        "has_secret": hasattr(box, "sign_in") and bool(box.sign_in.sealed_client_secret),
        "providers": SignInProvider.choices,
        "redirect_uri": _redirect_uri(),
    },
)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def sign_in(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change how the desk gets tokens for a mailbox."""
    return SIGN_IN.change(request, mailbox_id)


@for_agents(Permission.SETTINGS_MANAGE)
@posted_from("workspace:settings_sign_in")
def start(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Make the address at which a person agrees, and show it as a link: our policy lets no form lead elsewhere."""
    kept = get_object_or_404(MailboxSignIn.objects.select_related("mailbox"), mailbox_id=mailbox_id)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    request.session[IN_SESSION] = {"mailbox_id": mailbox_id, "state": state, "verifier": verifier}
    account = ImapAccount.objects.filter(mailbox_id=mailbox_id).first()
    address = address_to_agree(
        Endpoints(kept.authorize_url, kept.token_url, kept.scope, kept.mail_host, kept.smtp_host),
        client_id=kept.client_id,
        redirect_uri=_redirect_uri(),
        state=state,
        verifier=verifier,
        user=account.user if account else kept.mailbox.address,
    )
    context = {"box": kept.mailbox, "address": address, "host": urlsplit(address).hostname}
    return settings_page(request, "mailbox_sign_in_start.html", context, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def agreed(request: DeskRequest) -> HttpResponseBase:
    """Come back from the provider: GET shows what it said, and POST turns an agreement into tokens."""
    asked = request.session.get(IN_SESSION, {})
    given = request.GET if request.method == "GET" else request.POST
    if not asked or not hmac.compare_digest(asked["state"].encode(), given.get("state", "").encode()):
        return _agreed_page(request, None, "This answer belongs to no question of yours. Begin again at the mailbox.")
    box = get_object_or_404(Mailbox, pk=asked["mailbox_id"])
    code, refused = given.get("code", "")[:4000], _refusal(given)
    if request.method == "GET" or refused or not code:
        return _agreed_page(request, box, refused, code=code, state=str(asked["state"]))
    del request.session[IN_SESSION]  # an agreement counts once
    try:
        connect(mailbox_id=box.pk, code=code, redirect_uri=_redirect_uri(), verifier=asked["verifier"], act=request.act)
    except (OAuthTrouble, SecretUnreadable) as error:
        return _agreed_page(request, box, str(error))
    messages.success(request, "Connected. What waited for it goes on within seconds.")
    return redirect("workspace:settings_mailbox", box.pk)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Forget the tokens."""
    return carry_out(request, mailbox_id, disconnect, "Disconnected. The tokens and the client secret are forgotten.")


def _refusal(given: Any) -> str:
    said = [given.get("error", ""), given.get("error_description", "")]
    return one_line(": ".join(part for part in said if part))[:1000]


def _agreed_page(
    request: DeskRequest, box: Mailbox | None, trouble: str, *, code: str = "", state: str = ""
) -> HttpResponse:
    trouble = trouble or ("" if code else "The provider sent no code.")
    context = {"box": box, "trouble": trouble, "code": code, "state": state}
    return settings_page(
        request,
        "mailbox_agreed.html",
        context,
        section=SECTION,
        status=422 if trouble and request.method == "POST" else 200,
    )
