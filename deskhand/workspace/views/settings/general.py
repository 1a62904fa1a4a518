"""What the desk is called and how it is reached."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.actions.desk import change_desk
from deskhand.accounts.models import Desk
from deskhand.accounts.roles import Permission
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import GeneralForm
from deskhand.workspace.forms.shown import Shown, posted, status_of
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def general(request: DeskRequest) -> HttpResponseBase:
    """Show and change the desk's name, phone and opening words."""
    desk = Desk.current()
    initial = {"name": desk.name, "phone": desk.phone, "opening_words": desk.opening_words}
    form = GeneralForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        change_desk(**form.cleaned_data, act=request.act)
        messages.success(request, "Saved.")
        return redirect("workspace:settings_general")
    context = {"form": Shown(form)}
    return settings_page(request, "general.html", context, section="settings_general", status=status_of(form))
