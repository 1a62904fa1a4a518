"""A contact's own details, picture and password."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.actions.own_details import remove_picture, rename, replace_password
from deskhand.accounts.actions.passwords import PasswordNotValid
from deskhand.accounts.actions.preferences import set_theme
from deskhand.clients.actions.own_details import set_language, set_phone, set_ticket_mail, set_time_zone
from deskhand.clients.models import Contact
from deskhand.core.languages import LANGUAGES
from deskhand.core.zones import zone_choices
from deskhand.mail.texts import desk_language
from deskhand.portal.forms import DetailsForm, PasswordForm
from deskhand.portal.pages import page, usual_zone
from deskhand.web.access import for_contacts
from deskhand.web.sessions import TOO_MANY, came_by_link, within_limits
from deskhand.web.viewers import DeskRequest
from deskhand.web.views.pictures import keep_picture

WRONG = "That is not your present password. Sign in by link instead if you do not remember it."


@for_contacts
@require_http_methods(["GET", "POST"])
def details(request: DeskRequest) -> HttpResponseBase:
    """Show and change name, phone, where messages arrive, language, time zone and theme."""
    contact = request.contact
    if request.method != "POST":
        initial = _present(contact) | {"theme": request.COOKIES.get("theme", contact.user.theme)}
        return _details_page(request, DetailsForm(initial=initial))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _details_page(request, form, status=422)
    rename(user=contact.user, name=form.cleaned_data["name"], act=request.act)
    set_phone(contact=contact, phone=form.cleaned_data["phone"], act=request.act)
    if place := form.cleaned_data["notifications"]:
        set_ticket_mail(contact=contact, gets_mail=place != "none", of_colleagues=place == "all", act=request.act)
    set_language(contact=contact, language=form.cleaned_data["language"], act=request.act)
    set_time_zone(contact=contact, zone=form.cleaned_data["time_zone"], act=request.act)
    set_theme(user=contact.user, theme=form.cleaned_data["theme"])
    messages.success(request, "Saved.")
    response = redirect("portal:details")
    response.delete_cookie("theme")  # what was switched on this device gives way to the choice made here
    return response


@for_contacts
@require_http_methods(["GET", "POST"])
def password(request: DeskRequest) -> HttpResponseBase:
    """Set or change the password; other devices are signed out."""
    if request.method != "POST":
        return redirect("portal:details")
    form = PasswordForm(request.POST)
    if form.is_valid() and _is_confirmed(request, form):
        try:
            user = request.contact.user
            changed = replace_password(user=user, password=form.cleaned_data["new"], act=request.act)
        except PasswordNotValid as error:
            form.add_error("new", str(error))
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, "Your password is set. Other devices were signed out.")
            return redirect("portal:details")
    return _details_page(request, DetailsForm(initial=_present(request.contact)), form, status=422)


@for_contacts
@require_http_methods(["GET", "POST"])
def picture(request: DeskRequest) -> HttpResponseBase:
    """Take a picture of oneself."""
    if request.method != "POST":
        return redirect("portal:details")
    if wrong := keep_picture(request, request.contact.user):
        form = DetailsForm(initial=_present(request.contact))
        return _details_page(request, form, picture_errors=[wrong], status=422)
    messages.success(request, "Your picture is shown.")
    return redirect("portal:details")


@for_contacts
@require_http_methods(["GET", "POST"])
def picture_removal(request: DeskRequest) -> HttpResponseBase:
    """Go back to one's initials."""
    if request.method == "POST":
        remove_picture(user=request.contact.user, act=request.act)
        messages.success(request, "Your picture is removed.")
    return redirect("portal:details")


def _present(contact: Contact) -> dict[str, str]:
    return {
        "name": contact.name,
        "phone": contact.phone,
        "theme": contact.user.theme,
        "notifications": _mail_choice(contact),
        "language": contact.language,
        "time_zone": contact.time_zone,
    }


def _mail_choice(contact: Contact) -> str:
    if not contact.gets_ticket_mail:
        return "none"
    return "all" if contact.gets_all_ticket_mail and contact.sees_colleagues_tickets else "mine"


def _needs_current(request: DeskRequest) -> bool:
    return request.contact.user.has_usable_password() and not came_by_link(request)


def _is_confirmed(request: DeskRequest, form: PasswordForm) -> bool:
    if not _needs_current(request):
        return True
    user = request.contact.user
    if not within_limits(request, what="confirm", address=user.email, act=request.act):
        form.add_error("current", TOO_MANY)
    elif not user.check_password(form.cleaned_data["current"]):
        form.add_error("current", WRONG)
    return not form.errors


def _details_page(
    request: DeskRequest,
    form: DetailsForm,
    passwords: PasswordForm | None = None,
    *,
    picture_errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        "portal/details.html",
        status=status,
        form=form,
        languages=LANGUAGES,
        usual_language=LANGUAGES[desk_language()],
        zones=zone_choices(),
        usual_zone=usual_zone(request.contact),
        passwords=passwords or PasswordForm(),
        picture_errors=picture_errors,
        has_password=request.contact.user.has_usable_password(),
        needs_current=_needs_current(request),
    )
