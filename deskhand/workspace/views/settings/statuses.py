"""Statuses: labels over the five fixed kinds."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.tickets.actions.statuses import (
    LastOfItsKind,
    NoPlaceForTickets,
    StatusNameTaken,
    add_status,
    change_status,
    move_status,
    remove_status,
)
from deskhand.tickets.models import Status
from deskhand.tickets.models.labels import Hue
from deskhand.tickets.queries.labels import statuses_by_kind, tickets_of_status
from deskhand.web.access import for_agents
from deskhand.web.forms import offering
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import NewStatusForm, RemoveStatusForm, StatusForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.parsing import direction_in
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_statuses"
HUES = [(hue.value, hue.value.capitalize()) for hue in Hue]


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def statuses(request: DeskRequest) -> HttpResponseBase:
    """List the statuses by kind, and add one."""
    form = NewStatusForm(posted(request), initial={"hue": Hue.BLUE})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {StatusNameTaken: "name"}):
            added = add_status(**form.cleaned_data, act=request.act)
            messages.success(request, f"“{added.name}” was added.")
            return redirect("workspace:settings_statuses")
    groups = statuses_by_kind()
    context = {
        "groups": groups,
        "form": Shown(form),
        "hues": HUES,
        "kinds": [
            ("", "Choose what it does"),
            *((kind.kind.value, f"{kind.kind.label}: {kind.about}") for kind in groups),
        ],
    }
    return settings_page(request, "statuses.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def status(request: DeskRequest, status_id: int) -> HttpResponseBase:
    """Rename or recolor a status."""
    row = get_object_or_404(Status, pk=status_id)
    form = StatusForm(posted(request), initial={"name": row.name, "hue": row.hue})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {StatusNameTaken: "name"}):
            change_status(status_id=row.pk, **form.cleaned_data, act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_statuses")
    context = {"status": row, "form": Shown(form), "hues": HUES}
    return settings_page(request, "status.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def place(request: DeskRequest, status_id: int) -> HttpResponseBase:
    """Move a status one place among those of its kind."""
    row = get_object_or_404(Status, pk=status_id)
    move_status(status_id=row.pk, direction=direction_in(request.POST), act=request.act)
    return redirect("workspace:settings_statuses")


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def removal(request: DeskRequest, status_id: int) -> HttpResponseBase:
    """Ask where the status's tickets go, and remove it."""
    row = get_object_or_404(Status, pk=status_id)
    form = RemoveStatusForm(posted(request), status=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {LastOfItsKind: "move_to", NoPlaceForTickets: "move_to"}):
            count = remove_status(status_id=row.pk, move_to=form.cleaned_data["move_to"], act=request.act)
            messages.success(request, _removed(row, form.cleaned_data["move_to"], count))
            return redirect("workspace:settings_statuses")
    return _removal_page(request, row, form)


def _removed(row: Status, place: Status | None, count: int) -> str:
    moved = f" {count} ticket{'' if count == 1 else 's'} went to “{place.name}”." if place and count else ""
    return f"“{row.name}” was removed.{moved}"


def _removal_page(request: DeskRequest, row: Status, form: RemoveStatusForm) -> HttpResponse:
    others = offering(form, "move_to").queryset
    context = {
        "status": row,
        "form": Shown(form),
        "count": tickets_of_status(row),
        "others": [("", "Choose a status"), *((other.pk, other.name) for other in others)],
    }
    return settings_page(request, "status_removal.html", context, section=SECTION, status=status_of(form))
