"""The people of one's own client: who they are, inviting, what each may do, and removing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.clients.actions.colleagues import (
    LastInviter,
    OneselfUntouched,
    Rights,
    change_rights,
    remove_colleague,
)
from deskhand.clients.actions.contacts import send_sign_in_link
from deskhand.clients.actions.invitations import (
    AlreadyHere,
    invite_colleague,
    send_invitation_again,
    withdraw_invitation,
)
from deskhand.clients.models import Client, Contact, Invitation
from deskhand.portal.forms import InvitationForm, RightsForm
from deskhand.portal.pages import page
from deskhand.portal.people import invitations_for, line_of, people_of
from deskhand.web.access import for_contacts
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest

SHIPPED_RIGHTS = {"sees_whole_client": True, "sees_maintenance": False, "is_client_admin": False}


@for_contacts
@require_GET
def people(request: DeskRequest) -> HttpResponseBase:
    """List who of the client may sign in, and who is invited."""
    lines = people_of(_managed(request), reader=request.contact)
    return page(request, "portal/people.html", people=lines, invitations=invitations_for(request.contact))


@for_contacts
@require_http_methods(["GET", "POST"])
def invitation(request: DeskRequest) -> HttpResponseBase:
    """Invite a colleague. The answer is the same whether or not the desk knows the address."""
    _managed(request)
    form = InvitationForm(request.POST if request.method == "POST" else None, initial=SHIPPED_RIGHTS)
    if form.is_bound and form.is_valid() and _invite(request, form):
        messages.success(request, f"A link to sign in is on its way to {form.cleaned_data['email']}.")
        return redirect("portal:people")
    return page(request, "portal/invitation.html", form=form, status=422 if form.errors else 200)


def _invite(request: DeskRequest, form: InvitationForm) -> bool:
    email = form.cleaned_data["email"]
    if not within_limits(request, what="invite", address=email, act=request.act):
        form.add_error("email", TOO_MANY)
        return False
    try:
        named = {"email": email, "name": form.cleaned_data["name"]}
        invite_colleague(inviter=request.contact, **named, rights=_rights(form), act=request.act)
    except AlreadyHere as error:
        form.add_error("email", str(error))
    return not form.errors


@for_contacts
@require_http_methods(["GET", "POST"])
def invitation_link(request: DeskRequest, invitation_id: int) -> HttpResponseBase:
    """Send an invitation again."""
    waiting = _waiting(request, invitation_id)
    if request.method == "POST":
        if not within_limits(request, what="invite", address=waiting.address, act=request.act):
            messages.error(request, TOO_MANY)
        else:
            send_invitation_again(invitation_id=waiting.pk, inviter=request.contact, act=request.act)
            messages.success(request, f"A link to sign in is on its way to {waiting.address}.")
    return redirect("portal:people")


@for_contacts
@require_http_methods(["GET", "POST"])
def invitation_withdrawal(request: DeskRequest, invitation_id: int) -> HttpResponseBase:
    """Take an invitation back."""
    waiting = _waiting(request, invitation_id)
    if request.method == "POST":
        withdraw_invitation(invitation_id=waiting.pk, act=request.act)
        messages.success(request, f"The invitation of {waiting.name} is withdrawn.")
    return redirect("portal:people")


@for_contacts
@require_http_methods(["GET", "POST"])
def person(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Show one colleague and change what they may do."""
    colleague = _colleague(request, contact_id)
    if request.method != "POST":
        return _person_page(request, colleague, RightsForm(initial=vars(Rights.of(colleague))))
    form = RightsForm(request.POST)
    if form.is_valid():
        rights = _rights(form, oneself=colleague.pk == request.contact.pk)
        try:
            change_rights(contact_id=colleague.pk, rights=rights, act=request.act)
        except (LastInviter, OneselfUntouched) as error:
            form.add_error("is_client_admin", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("portal:people")
    return _person_page(request, colleague, form)


@for_contacts
@require_http_methods(["GET", "POST"])
def person_link(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Send a colleague a one-time link."""
    colleague = _colleague(request, contact_id)
    if request.method == "POST":
        if not within_limits(request, what="link", address=colleague.email, act=request.act):
            messages.error(request, TOO_MANY)
        elif send_sign_in_link(contact=colleague, act=request.act):
            messages.success(request, f"A link to sign in is on its way to {colleague.email}.")
    return redirect("portal:person", contact_id)


@for_contacts
@require_http_methods(["GET", "POST"])
def person_removal(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Ask first, then end a colleague's access at once."""
    colleague, errors = _colleague(request, contact_id), []
    if request.method == "POST":
        try:
            remove_colleague(contact_id=colleague.pk, act=request.act)
        except (LastInviter, OneselfUntouched) as error:
            errors.append(str(error))
        else:
            messages.success(request, f"{colleague.name} cannot sign in any more.")
            return redirect("portal:people")
    line = line_of(colleague, reader=request.contact)
    return page(request, "portal/person_removal.html", person=line, errors=errors, status=422 if errors else 200)


def _managed(request: DeskRequest) -> Client:
    """Return the client whose people the contact manages. Raises Http404 for everyone else."""
    client = request.contact.client
    if client is None or not request.contact.is_client_admin:
        raise Http404
    return client


def _waiting(request: DeskRequest, invitation_id: int) -> Invitation:
    waiting = Invitation.objects.visible_to(request.contact).filter(pk=invitation_id).first()
    if waiting is None:
        raise Http404
    return waiting


def _colleague(request: DeskRequest, contact_id: int) -> Contact:
    seen = Contact.objects.visible_to(request.contact).with_people().filter(client=_managed(request))
    colleague = seen.filter(pk=contact_id, user__is_active=True).first()
    if colleague is None:
        raise Http404
    return colleague


def _rights(form: RightsForm, *, oneself: bool = False) -> Rights:
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in SHIPPED_RIGHTS}
    # The box is not shown on one's own page: who is there holds the right, and keeps it.
    return Rights(**given | ({"is_client_admin": True} if oneself else {}))


def _person_page(request: DeskRequest, colleague: Contact, form: RightsForm) -> HttpResponse:
    line = line_of(colleague, reader=request.contact)
    return page(request, "portal/person.html", person=line, form=form, status=422 if form.errors else 200)
