"""The quarantine: mail that stands in no ticket."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.mail.actions.quarantine import CannotBeReleased, NotInQuarantine, delete_mail, release_mail
from deskhand.mail.models import InboundMail
from deskhand.mail.queries.log import LogCursor
from deskhand.mail.queries.quarantine import quarantine
from deskhand.web.access import for_agents
from deskhand.web.paging import links, place_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_quarantine"


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def listing(request: DeskRequest) -> HttpResponseBase:
    """List what is held, refused or failed, newest first."""
    after = place_in(request.GET, LogCursor)
    found = quarantine(after=after)
    ways = links(reverse("workspace:settings_quarantine"), after, found.next_cursor)
    return settings_page(request, "quarantine.html", {"list": found} | ways, section=SECTION)


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def release(request: DeskRequest, mail_id: int) -> HttpResponseBase:
    """Let a mail in after all."""
    mail = get_object_or_404(InboundMail.objects.without_raw(), pk=mail_id)
    try:
        ticket = release_mail(mail_id=mail.pk, act=request.act)
    except (CannotBeReleased, NotInQuarantine) as error:
        messages.error(request, f"Nothing was changed. {error}")
        return redirect("workspace:mail_in", mail.pk)
    if ticket is None:
        messages.success(request, "Released. It made no ticket; see below what it is.")
        return redirect("workspace:mail_in", mail.pk)
    messages.success(request, f"Released into ticket #{ticket.number}.")
    return redirect("workspace:ticket", ticket.number)


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def deletion(request: DeskRequest, mail_id: int) -> HttpResponseBase:
    """Ask once more, then delete the mail."""
    mail = get_object_or_404(InboundMail.objects.without_raw(), pk=mail_id)
    if request.method == "POST":
        try:
            delete_mail(mail_id=mail.pk, act=request.act)
            messages.success(request, "Deleted. Its line in the mail log stays.")
        except NotInQuarantine as error:
            messages.error(request, str(error))
        return redirect("workspace:settings_quarantine")
    return settings_page(request, "quarantine_deletion.html", {"mail": mail}, section=SECTION)
