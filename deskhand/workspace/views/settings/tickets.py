"""What becomes of a ticket after a reply, and how long a late answer reopens it."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.tickets.actions.settings import change_ticket_settings
from deskhand.tickets.models import RatingRequest, TicketSettings
from deskhand.tickets.models.labels import AfterReply
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import TicketSettingsForm
from deskhand.workspace.forms.shown import Shown, posted, status_of
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def tickets(request: DeskRequest) -> HttpResponseBase:
    """Show and change the settings of tickets."""
    now = TicketSettings.current()
    initial = {name: getattr(now, name) for name in ("after_reply", "reopen_within_days", "rating", "rating_days")}
    form = TicketSettingsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        change_ticket_settings(**form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_tickets")
    context = {"form": Shown(form), "after_reply": AfterReply.choices, "ratings": RatingRequest.choices}
    return settings_page(request, "tickets.html", context, section="settings_tickets", status=status_of(form))
