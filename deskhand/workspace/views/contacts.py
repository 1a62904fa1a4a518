"""People of clients: the list, one of them, adding and changing them, and letting them in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.actions.people import AddressTaken
from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.clients.actions.colleagues import LastInviter, let_in_again, remove_colleague
from deskhand.clients.actions.contacts import (
    BelongsElsewhere,
    ContactDetails,
    change_contact,
    join_client,
    send_sign_in_link,
)
from deskhand.clients.actions.people import create_contact
from deskhand.clients.models import Contact
from deskhand.clients.queries.people import list_people, match_people, person_row
from deskhand.core.languages import LANGUAGES
from deskhand.core.numbers import whole_number
from deskhand.core.paging import NameCursor
from deskhand.tickets.queries.clients import tickets_of_contact
from deskhand.tickets.queries.inbox import Cursor
from deskhand.web.access import for_agents
from deskhand.web.forms import offering
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.clients import ContactForm, JoinForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.lookups import client_or_404
from deskhand.workspace.pages import page

SECTION = "clients"
TAKEN = {AddressTaken: "email"}


@for_agents(Permission.CLIENTS_VIEW)
@require_GET
def contacts(request: DeskRequest) -> HttpResponseBase:
    """List the people of all clients by name, or those who belong to none."""
    words, after = words_in(request.GET), place_in(request.GET, NameCursor)
    without = "client" if request.GET.get("without") == "client" else ""
    found = list_people(request.agent, words=words, without_client=bool(without), after=after)
    context = {
        "list": found,
        "words": words,
        "only_lone": bool(without),
        "shows_details": request.agent.may(Permission.CLIENTS_CONTACT_DETAILS),
    }
    ways = links(reverse("workspace:contacts"), after, found.next_cursor, q=words, without=without)
    return page(request, "workspace/contacts.html", context | ways, section=SECTION)


@for_agents(Permission.TICKETS_CREATE)
@require_GET
def matches(request: DeskRequest) -> HttpResponseBase:
    """Answer with the people whom what is being typed can mean, to choose one from."""
    context = people_to_choose(request.agent, words_in(request.GET), request.GET.get("contact", ""))
    return render(request, "workspace/contact_matches.html", context)


@for_agents(Permission.CLIENTS_CHANGE)
@require_http_methods(["GET", "POST"])
def new_contact(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Add a person to a client."""
    client = client_or_404(request.agent, public_id)
    form = ContactForm(posted(request), initial={"sees_whole_client": True, "sees_maintenance": True})
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            person = create_contact(client=client, **form.cleaned_data, act=request.act)
            messages.success(request, f"{person.name} was added.")
            return redirect("workspace:client", public_id)
    context = {"form": Shown(form), "client": client, "languages": LANGUAGES}
    return page(request, "workspace/new_contact.html", context, section=SECTION, status=status_of(form))


@for_agents(Permission.CLIENTS_VIEW)
@require_http_methods(["GET", "POST"])
def contact(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Show one person, and change them."""
    person = _seen(request.agent, contact_id)
    if request.method != "POST":
        return _contact_page(request, person)
    _require_editing(request.agent)
    form = ContactForm(request.POST)
    if form.is_valid():
        with refusals(form, TAKEN):
            change_contact(contact_id=person.pk, details=ContactDetails(**form.cleaned_data), act=request.act)
            messages.success(request, "Saved.")
            return redirect("workspace:contact", contact_id)
    return _contact_page(request, person, form=form)


@for_agents(Permission.CLIENTS_CHANGE)
@require_POST
def contact_client(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Put a person who belongs to no client into one."""
    person = _seen(request.agent, contact_id)
    form = JoinForm(request.POST, viewer=request.agent)
    if form.is_valid():
        client = form.cleaned_data["client"]
        try:
            join_client(contact_id=person.pk, client=client, act=request.act)
            messages.success(request, f"{person.name} belongs to {client.name} now.")
        except BelongsElsewhere as error:
            messages.error(request, str(error))
        return redirect("workspace:contact", contact_id)
    return _contact_page(request, person, join=form)


@for_agents(Permission.CLIENTS_CHANGE)
@require_POST
def contact_link(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """Send a person a one-time sign-in link; to one who was never here, as an invitation."""
    person = _seen(request.agent, contact_id)
    inviter = "" if person.user.last_login else request.agent.name
    if not within_limits(request, what="link", address=person.email, act=request.act):
        messages.error(request, TOO_MANY)
    elif send_sign_in_link(contact=person, inviter=inviter, act=request.act):
        messages.success(request, f"A sign-in link is on its way to {person.name}. It works once, for 15 minutes.")
    else:
        messages.error(request, f"{person.name} cannot sign in.")
    return redirect("workspace:contact", contact_id)


@for_agents(Permission.CLIENTS_CHANGE)
@require_POST
def contact_access(request: DeskRequest, contact_id: int) -> HttpResponseBase:
    """End a person's access to the portal at once, or let them in again."""
    person = _seen(request.agent, contact_id)
    _require_editing(request.agent)
    if request.POST.get("access") == "yes":
        let_in_again(contact_id=person.pk, act=request.act)
        messages.success(request, f"{person.name} can sign in again.")
        return redirect("workspace:contact", contact_id)
    try:
        remove_colleague(contact_id=person.pk, act=request.act)
        messages.success(request, f"{person.name} is signed out and cannot sign in any more.")
    except LastInviter as error:
        messages.error(request, error.for_staff)
    return redirect("workspace:contact", contact_id)


def people_to_choose(agent: Agent, words: str, chosen_id: str) -> dict[str, Any]:
    """Return who is chosen, and whoever else the words can mean."""
    contact_id = whole_number(chosen_id)
    people = Contact.objects.visible_to(agent).with_people()
    chosen = people.filter(pk=contact_id).first() if contact_id is not None else None
    return {
        "words": words,
        "chosen": person_row(agent, chosen) if chosen else None,
        "people": [row for row in match_people(agent, words) if chosen is None or row.id != chosen.pk],
    }


def _seen(agent: Agent, contact_id: int) -> Contact:
    person = Contact.objects.visible_to(agent).with_people().filter(pk=contact_id).first()
    if person is None:
        raise Http404
    return person


def _may_edit(agent: Agent) -> bool:
    """Return whether the agent may change people: the form shows their address and number."""
    return agent.may(Permission.CLIENTS_CHANGE) and agent.may(Permission.CLIENTS_CONTACT_DETAILS)


def _require_editing(agent: Agent) -> None:
    if not _may_edit(agent):
        raise PermissionDenied


def _contact_page(
    request: DeskRequest, person: Contact, *, form: ContactForm | None = None, join: JoinForm | None = None
) -> HttpResponse:
    agent = request.agent
    after = place_in(request.GET, Cursor)
    tickets = tickets_of_contact(agent, person, after=after)
    form = form or ContactForm(initial=_initial(person))
    if join is None and person.client_id is None and agent.may(Permission.CLIENTS_CHANGE):
        join = JoinForm(viewer=agent)
    context: dict[str, Any] = {
        "person": person_row(agent, person),
        "tickets": tickets,
        "form": Shown(form),
        "languages": LANGUAGES,
        "join": Shown(join) if join else None,
        "clients": _offered(join) if join else [],
        "shows_details": agent.may(Permission.CLIENTS_CONTACT_DETAILS),
        "may_edit": _may_edit(agent),
        "may_open": agent.may(Permission.TICKETS_CREATE),
    }
    ways = links(reverse("workspace:contact", args=[person.pk]), after, tickets.next_cursor)
    status = max(status_of(form), status_of(join) if join else 200)
    return page(request, "workspace/contact.html", context | ways, section=SECTION, status=status)


def _initial(person: Contact) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "title": person.title,
        "phone": person.phone,
        "sees_whole_client": person.sees_whole_client,
        "sees_maintenance": person.sees_maintenance,
        "is_client_admin": person.is_client_admin,
        "language": person.language,
    }


def _offered(join: JoinForm) -> list[tuple[str, str]]:
    clients = offering(join, "client").queryset
    return [("", "Choose a client"), *((client.public_id, client.name) for client in clients)]
