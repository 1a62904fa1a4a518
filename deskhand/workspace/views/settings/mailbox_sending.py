"""By which server a mailbox sends: the settings, trying them out, and a test mail."""

from datetime import datetime
from functools import partial

from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.mail.actions.smtp_accounts import SmtpFields, account_with, remove_smtp, set_smtp
from deskhand.mail.actions.trial_mail import send_trial
from deskhand.mail.models import ReturnPath, SmtpSecurity, SmtpSignIn
from deskhand.mail.smtp import Result
from deskhand.mail.ways_out import check
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_servers import SmtpForm, initial_of_smtp
from deskhand.workspace.views.settings.mailbox_ways import SERVER_REFUSALS, Tried, Way, carry_out
from deskhand.workspace.views.settings.pages import posted_from

SENDING = Way(
    template="mailbox_sending.html",
    form=SmtpForm,
    initial=initial_of_smtp,
    save=set_smtp,
    saved="Saved. Mail from this mailbox goes out by its own server.",
    leads_to="workspace:settings_mailbox",
    refused=SERVER_REFUSALS,
    context=lambda _: {
        "securities": SmtpSecurity.choices,
        "ways_to_sign_in": SmtpSignIn.choices,
        "return_paths": ReturnPath.choices,
    },
)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def sending(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change by which server the mailbox sends."""
    return SENDING.change(request, mailbox_id)


@for_agents(Permission.SETTINGS_MANAGE)
@posted_from("workspace:settings_sending")
def test(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Sign in with what stands in the form, without saving it or sending anything, and say what the server said."""
    return SENDING.test(request, mailbox_id, _tried)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def mail(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Send the agent who asks a mail from the mailbox."""
    person = request.agent.user
    said = f"A test is on its way to {person.email}. The mail log says how far it came."
    return carry_out(request, mailbox_id, partial(send_trial, person=person), said)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Send by the desk's server again."""
    said = "Mail goes out by the desk's server again, and the password is forgotten."
    return carry_out(request, mailbox_id, remove_smtp, said)


def _tried(mailbox_id: int, fields: SmtpFields, *, now: datetime) -> Tried:
    answer = check(account_with(mailbox_id, fields), now=now)
    return Tried(answer.words, is_well=answer.result == Result.SENT)
