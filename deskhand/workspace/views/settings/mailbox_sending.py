"""By which server a mailbox sends: the settings, trying them out, and a test mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.mailboxes import PasswordMissing
from deskhand.mail.actions.smtp_accounts import NotProtected, UserMissing, account_with, remove_smtp, set_smtp
from deskhand.mail.actions.trial_mail import send_trial
from deskhand.mail.models import Mailbox, MailboxSignIn, ReturnPath, SmtpAccount, SmtpSecurity, SmtpSignIn
from deskhand.mail.queries.mailboxes import state_of_sending, state_of_sign_in
from deskhand.mail.smtp import Answer, Result
from deskhand.mail.ways_out import check
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail_ways import SmtpForm, initial_of_smtp
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_mailboxes"
REFUSALS: dict[type[Any], str] = {
    PasswordMissing: "password",
    SecretUnreadable: "password",
    NotProtected: "security",
    UserMissing: "user",
}


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def sending(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Show and change by which server the mailbox sends."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    account, sign_in = (
        SmtpAccount.objects.filter(mailbox=box).first(),
        MailboxSignIn.objects.filter(mailbox=box).first(),
    )
    form = SmtpForm(posted(request), initial=initial_of_smtp(account, box, sign_in))
    if request.method == "POST" and form.is_valid():
        with refusals(form, REFUSALS):
            set_smtp(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
            messages.success(request, "Saved. Mail from this mailbox goes out by its own server.")
            return redirect("workspace:settings_mailbox", box.pk)
    return _page(request, box, form)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def test(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Sign in with what stands in the form, without saving it or sending anything, and say what the server said."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    form, answer = SmtpForm(request.POST), None
    if form.is_valid():
        with refusals(form, REFUSALS):
            answer = check(account_with(box, form.fields_given), now=request.act.at)
    return _page(request, box, form, answer)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def mail(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Send the agent who asks a mail from the mailbox."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    send_trial(mailbox_id=box.pk, person=request.agent.user, act=request.act)
    address = request.agent.user.email
    messages.success(request, f"A test is on its way to {address}. The mail log says how far it came.")
    return redirect("workspace:settings_mailbox", box.pk)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def end(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Send by the desk's server again."""
    box = get_object_or_404(Mailbox, pk=mailbox_id)
    remove_smtp(mailbox_id=box.pk, act=request.act)
    messages.success(request, "Mail goes out by the desk's server again, and the password is forgotten.")
    return redirect("workspace:settings_mailbox", box.pk)


def _page(request: DeskRequest, box: Mailbox, form: SmtpForm, answer: Answer | None = None) -> HttpResponse:
    context = {
        "box": box,
        "form": Shown(form),
        "state": state_of_sending(SmtpAccount.objects.filter(mailbox=box).first()),
        "sign_in": state_of_sign_in(MailboxSignIn.objects.filter(mailbox=box).first()),
        "securities": SmtpSecurity.choices,
        "ways_to_sign_in": SmtpSignIn.choices,
        "return_paths": ReturnPath.choices,
        "answer": answer.words if answer else "",
        "is_well": answer is not None and answer.result == Result.SENT,
    }
    return settings_page(request, "mailbox_sending.html", context, section=SECTION, status=status_of(form))
