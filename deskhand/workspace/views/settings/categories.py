"""Categories: what clients can ask about."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.tickets.actions.categories import (
    CategoryNameTaken,
    CategoryText,
    add_category,
    change_category,
    move_category,
)
from deskhand.tickets.models import Category
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.settings import CategoryForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.parsing import direction_in
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "settings_categories"


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def categories(request: DeskRequest) -> HttpResponseBase:
    """List the categories in the order clients see them, and add one."""
    form = CategoryForm(posted(request), initial={"is_offered": True})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {CategoryNameTaken: "name"}):
            added = add_category(text=CategoryText(**form.cleaned_data), act=request.act)
            messages.success(request, f"“{added.name}” was added.")
            return redirect("workspace:settings_categories")
    context = {"categories": Category.objects.order_by("position", "id"), "form": Shown(form)}
    return settings_page(request, "categories.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def category(request: DeskRequest, category_id: int) -> HttpResponseBase:
    """Rename a category, explain it, offer it or not."""
    row = get_object_or_404(Category, pk=category_id)
    initial = {"name": row.name, "explanation": row.explanation, "is_offered": row.is_offered}
    form = CategoryForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {CategoryNameTaken: "name"}):
            change_category(category_id=row.pk, text=CategoryText(**form.cleaned_data), act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:settings_categories")
    context = {"category": row, "form": Shown(form)}
    return settings_page(request, "category.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.SETTINGS_MANAGE)
@require_POST
def place(request: DeskRequest, category_id: int) -> HttpResponseBase:
    """Move a category one place."""
    row = get_object_or_404(Category, pk=category_id)
    move_category(category_id=row.pk, direction=direction_in(request.POST), act=request.act)
    return redirect("workspace:settings_categories")
