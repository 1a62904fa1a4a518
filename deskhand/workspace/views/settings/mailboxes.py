"""Mailboxes: the addresses clients write to."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.models import Team
from deskhand.accounts.roles import Permission
from deskhand.mail.actions.mailboxes import (
    AddressOfPerson,
    AddressTaken,
    AliasTaken,
    add_mailbox,
    change_mailbox,
    switch_mailbox,
)
from deskhand.mail.models import Acknowledging
from deskhand.mail.queries.mailboxes import list_mailboxes, ways_of
from deskhand.tickets.models import Category
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.mail import MailboxForm, initial_of_mailbox
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.mailbox_ways import SECTION, carry_out, mailbox_with_ways
from deskhand.workspace.views.settings.pages import settings_page

TAKEN = {
    AliasTaken: "aliases",
    AddressTaken: "address",
    AddressOfPerson: "address",
}


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
    box = mailbox_with_ways(mailbox_id)
    form = MailboxForm(posted(request), initial=initial_of_mailbox(box))
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            change_mailbox(mailbox_id=box.pk, fields=form.fields_given, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_mailbox", box.pk)
    context = {"box": box, "ways": ways_of(box), "form": Shown(form)} | _choices()
    return settings_page(request, "mailbox.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def activity(request: DeskRequest, mailbox_id: int) -> HttpResponseBase:
    """Switch a mailbox off or on."""
    is_enabled = request.POST.get("is_enabled") == "on"
    said = "Switched on. Mail that was held is let in now." if is_enabled else "Switched off. New mail is held."
    return carry_out(request, mailbox_id, partial(switch_mailbox, is_enabled=is_enabled), said)


def _choices() -> dict[str, Any]:
    return {
        "teams": [("", "Nobody yet"), *Team.objects.order_by("name").values_list("pk", "name")],
        "acknowledging": Acknowledging.choices,
        "categories": [("", "None"), *Category.objects.order_by("position", "pk").values_list("pk", "name")],
    }
