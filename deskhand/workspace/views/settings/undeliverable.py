"""Addresses nothing is sent to, because mail to them came back for good."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.paging import NameCursor
from deskhand.mail.actions.suppression import release_address
from deskhand.mail.models import SuppressedAddress
from deskhand.mail.queries.suppression import suppressed_addresses
from deskhand.web.access import for_agents
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def undeliverable(request: DeskRequest) -> HttpResponseBase:
    """List the addresses."""
    words, after = words_in(request.GET), place_in(request.GET, NameCursor)
    found = suppressed_addresses(words=words, after=after)
    ways = links(reverse("workspace:settings_undeliverable"), after, found.next_cursor, q=words)
    context = {"list": found, "words": words} | ways
    return settings_page(request, "undeliverable.html", context, section="settings_undeliverable")


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def removal(request: DeskRequest, row_id: int) -> HttpResponseBase:
    """Let mail go to an address again."""
    row = get_object_or_404(SuppressedAddress, pk=row_id)
    release_address(row_id=row.pk, act=request.act)
    messages.success(request, f"Mail goes to {row.address} again.")
    return redirect("workspace:settings_undeliverable")
