"""How work is charged, when months become final, and what clients read once a month is used up."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.settings import (
    AllowanceSettingsNotValid,
    NewAllowanceSettings,
    change_allowance_settings,
)
from deskhand.allowances.models import AllowanceSettings
from deskhand.tickets.models import Category
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.allowances import AllowanceSettingsForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.views.settings.pages import settings_page


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def allowances(request: DeskRequest) -> HttpResponseBase:
    """Show and change the settings."""
    row = AllowanceSettings.objects.get(pk=1)
    free = [str(pk) for pk in row.free_categories.values_list("pk", flat=True)]
    names = ("rounding_minutes", "minimum_minutes", "lock_after_days", "used_up_words")
    form = AllowanceSettingsForm(posted(request), initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {AllowanceSettingsNotValid: "used_up_words"}):
            change_allowance_settings(new=NewAllowanceSettings(**form.cleaned_data), act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_allowances")
    ticked = request.POST.getlist("free_categories") if request.method == "POST" else free
    categories = [(category, str(category.pk) in ticked) for category in Category.objects.order_by("position", "id")]
    context = {"form": Shown(form), "categories": categories}
    section = "settings_allowances"
    return settings_page(request, "allowances.html", context, section=section, status=status_of(form))
