"""The server a mailbox is read from by IMAP: the settings, trying them out, and the end."""

from datetime import datetime

from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.mail.actions.imap_accounts import ImapFields, account_with, remove_imap, set_imap
from deskhand.mail.fetching import login_of
from deskhand.mail.imap import ImapTrouble, check
from deskhand.mail.models import AfterFetch, Existing, ImapSecurity, SignIn
from deskhand.mail.oauth import OAuthTrouble
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_servers import ImapForm, initial_of_imap
from deskhand.workspace.views.settings.mailbox_ways import SERVER_REFUSALS, Tried, Way, carry_out
from deskhand.workspace.views.settings.pages import posted_from

FETCHING = Way(
    template="mailbox_fetching.html",
    form=ImapForm,
    initial=initial_of_imap,
    save=set_imap,
    saved="Saved. Reading begins within seconds.",
    leads_to="workspace:settings_mailbox",
    refused=SERVER_REFUSALS,
    context=lambda _: {
        "securities": ImapSecurity.choices,
        "ways_to_sign_in": SignIn.choices,
        "existing": Existing.choices,
        "ways_after": AfterFetch.choices,
    },
)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def imap(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change how a mailbox is read by IMAP."""
    return FETCHING.change(request, mailbox_id)


@for_agents(Permission.SETTINGS_MANAGE)
@posted_from("workspace:settings_mailbox_imap")
def test(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Connect with what stands in the form, without saving it, and say what the server said."""
    return FETCHING.test(request, mailbox_id, _tried)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Read the mailbox by IMAP no more."""
    return carry_out(request, mailbox_id, remove_imap, "Fetching has ended, and the password is forgotten.")


def _tried(mailbox_id: int, fields: ImapFields, *, now: datetime) -> Tried:
    try:
        return Tried(check(login_of(account_with(mailbox_id, fields), now=now)), is_well=True)
    except (ImapTrouble, OAuthTrouble) as error:
        return Tried(str(error), is_well=False)
