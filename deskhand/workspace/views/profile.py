"""An agent's own page: who they are, their picture, how the desk looks to them, password and sessions."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from deskhand.accounts.actions.agents import change_details
from deskhand.accounts.actions.own_details import remove_picture
from deskhand.accounts.actions.passwords import PasswordNotValid, WrongPassword, change_password, end_sessions
from deskhand.accounts.actions.preferences import set_shortcuts, set_theme
from deskhand.web.access import for_agents
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest
from deskhand.web.views.pictures import keep_picture
from deskhand.workspace.forms.profile import PasswordForm, ProfileForm
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.pages import page

THEMES = [("system", "As the system has it"), ("light", "Light"), ("dark", "Dark")]


@for_agents()
@require_http_methods(["GET", "POST"])
def profile(request: DeskRequest) -> HttpResponseBase:
    """Show and change one's own name, title, phone, theme and shortcuts."""
    agent = request.agent
    if request.method != "POST":
        return _profile_page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form=form)
    fields = form.cleaned_data
    details = {name: fields[name] for name in ("name", "title", "phone")}
    change_details(agent_id=agent.pk, **details, act=request.act)
    set_theme(user=agent.user, theme=fields["theme"])
    set_shortcuts(user=agent.user, are_on=fields["uses_shortcuts"])
    messages.success(request, "Saved.")
    response = redirect("workspace:profile")
    response.delete_cookie("theme")  # what was switched on this device gives way to the choice made here
    return response


@for_agents()
@require_POST
def password(request: DeskRequest) -> HttpResponseBase:
    """Set or change one's own password; every other session ends."""
    user = request.agent.user
    form = PasswordForm(request.POST)
    if form.is_valid():
        if not within_limits(request, what="password", address=user.email, act=request.act):
            form.add_error("current", TOO_MANY)
            return _profile_page(request, password_form=form)
        with refusals(form, {WrongPassword: "current", PasswordNotValid: "new"}):
            fields = form.cleaned_data
            changed = change_password(user_id=user.pk, current=fields["current"], new=fields["new"], act=request.act)
            update_session_auth_hash(request, changed)
            messages.success(request, "Your password is set. Everywhere else you are signed out.")
            return redirect("workspace:profile")
    return _profile_page(request, password_form=form)


@for_agents()
@require_POST
def sessions(request: DeskRequest) -> HttpResponseBase:
    """Sign oneself out everywhere else."""
    update_session_auth_hash(request, end_sessions(user_id=request.agent.user.pk, act=request.act))
    messages.success(request, "Everywhere else you are signed out.")
    return redirect("workspace:profile")


@for_agents()
@require_POST
def picture(request: DeskRequest) -> HttpResponseBase:
    """Take a picture of oneself."""
    if wrong := keep_picture(request, request.agent.user):
        return _profile_page(request, picture_errors=[wrong])
    messages.success(request, "Your picture is shown.")
    return redirect("workspace:profile")


@for_agents()
@require_POST
def picture_removal(request: DeskRequest) -> HttpResponseBase:
    """Go back to one's initials."""
    remove_picture(user=request.agent.user, act=request.act)
    messages.success(request, "Your picture is removed.")
    return redirect("workspace:profile")


def _profile_page(
    request: DeskRequest,
    *,
    form: ProfileForm | None = None,
    password_form: PasswordForm | None = None,
    picture_errors: Sequence[str] = (),
) -> HttpResponse:
    agent = request.agent
    own = {
        "name": agent.name,
        "title": agent.title,
        "phone": agent.phone,
        "theme": request.COOKIES.get("theme") or agent.user.theme,
        "uses_shortcuts": agent.user.uses_shortcuts,
    }
    form, password_form = form or ProfileForm(initial=own), password_form or PasswordForm()
    context = {
        "form": Shown(form),
        "themes": THEMES,
        "picture_errors": picture_errors,
        "password_form": Shown(password_form, prefix="password"),
        "has_password": agent.user.has_usable_password(),
    }
    status = 422 if picture_errors else max(status_of(form), status_of(password_form))
    return page(request, "workspace/profile.html", context, section="profile", status=status)
