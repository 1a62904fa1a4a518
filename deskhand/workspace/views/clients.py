"""Clients: the list, one of them, and changing it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskhand.accounts.roles import Permission
from deskhand.allowances.queries import pressing_boxes
from deskhand.clients.actions.companies import ClientNameTaken, DomainTaken, change_client, set_domains
from deskhand.clients.actions.notes import NoteChanged, edit_client_note
from deskhand.clients.actions.people import create_client
from deskhand.clients.models import Client
from deskhand.clients.queries.companies import NoteText, as_text, domains_of, note_of
from deskhand.clients.queries.people import people_of
from deskhand.core.paging import NameCursor
from deskhand.tickets.queries.clients import list_clients, tickets_of_client
from deskhand.tickets.queries.inbox import Cursor
from deskhand.web.access import for_agents
from deskhand.web.forms import offering
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.clients import ClientForm, NoteForm
from deskhand.workspace.forms.shown import Shown, posted, refusals, status_of
from deskhand.workspace.lookups import client_or_404
from deskhand.workspace.pages import page

SECTION = "clients"
TAKEN = {ClientNameTaken: "name", DomainTaken: "domains"}


@for_agents(Permission.CLIENTS_VIEW)
@require_GET
def clients(request: DeskRequest) -> HttpResponseBase:
    """List the clients by name."""
    words, after = words_in(request.GET), place_in(request.GET, NameCursor)
    found = list_clients(request.agent, words=words, after=after)
    context = {"list": found, "words": words, "may_change": request.agent.may(Permission.CLIENTS_CHANGE)}
    if sees_figures := request.agent.may(Permission.ALLOWANCES_VIEW):
        context["boxes"] = pressing_boxes([row.id for row in found.rows], today=timezone.localdate(request.act.at))
    context["sees_figures"] = sees_figures
    ways = links(reverse("workspace:clients"), after, found.next_cursor, q=words)
    return page(request, "workspace/clients.html", context | ways, section=SECTION)


@for_agents(Permission.CLIENTS_CHANGE)
@require_http_methods(["GET", "POST"])
def new_client(request: DeskRequest) -> HttpResponseBase:
    """Add a client."""
    form = ClientForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            made = create_client(**form.cleaned_data, act=request.act)
            messages.success(request, f"{made.name} is a client now.")
            return redirect("workspace:client", made.public_id)
    return _form_page(request, form, None)


@for_agents(Permission.CLIENTS_VIEW)
@require_GET
def client(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Show one client: its tickets, people and note."""
    found = client_or_404(request.agent, public_id)
    note = note_of(found)
    return _client_page(request, found, note, NoteForm(initial={"text": note.text}))


@for_agents(Permission.CLIENTS_CHANGE)
@require_http_methods(["GET", "POST"])
def edit_client(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Change a client."""
    found = client_or_404(request.agent, public_id)
    initial = {
        "name": found.name,
        "phone": found.phone,
        "account_manager": found.account_manager_id,
        "domains": "\n".join(domains_of(found)),
    }
    form = ClientForm(posted(request), initial=initial, keep=found.account_manager)
    if request.method == "POST" and form.is_valid():
        with refusals(form, TAKEN):
            _change(request, found, form)
            messages.success(request, "Saved.")
            return redirect("workspace:client", public_id)
    return _form_page(request, form, found)


@for_agents(Permission.CLIENTS_CHANGE)
@require_POST
def client_note(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Save the note, unless somebody else did meanwhile."""
    found = client_or_404(request.agent, public_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _client_page(request, found, note_of(found), form)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    try:
        edit_client_note(client_id=found.pk, text=text, seen_version=version, act=request.act)
    except NoteChanged as conflict:
        return _client_page(request, found, as_text(conflict.current), form, conflict=str(conflict))
    messages.success(request, "The note is saved.")
    return redirect("workspace:client", public_id)


@transaction.atomic
def _change(request: DeskRequest, found: Client, form: ClientForm) -> None:
    fields = dict(form.cleaned_data)
    domains = fields.pop("domains")
    change_client(client_id=found.pk, **fields, act=request.act)
    set_domains(client_id=found.pk, names=domains, act=request.act)


def _form_page(request: DeskRequest, form: ClientForm, found: Client | None) -> HttpResponse:
    offered = offering(form, "account_manager").queryset
    managers = [("", "Nobody"), *((agent.pk, agent.name) for agent in offered)]
    context = {"form": Shown(form), "client": found, "managers": managers}
    return page(request, "workspace/client_form.html", context, section=SECTION, status=status_of(form))


def _client_page(
    request: DeskRequest, found: Client, note: NoteText, form: NoteForm, *, conflict: str = ""
) -> HttpResponse:
    agent = request.agent
    are_closed = request.GET.get("show") == "closed"
    after = place_in(request.GET, Cursor)
    tickets = tickets_of_client(agent, found, are_closed=are_closed, after=after)
    here = reverse("workspace:client", args=[found.public_id])
    show = "closed" if are_closed else ""
    context: dict[str, Any] = {
        "client": found,
        "here": here,
        "tickets": tickets,
        "are_closed": are_closed,
        "people": people_of(agent, found),
        "domains": domains_of(found),
        "note": note,
        "note_form": Shown(form, prefix="note"),
        "note_conflict": conflict,
        "shows_details": agent.may(Permission.CLIENTS_CONTACT_DETAILS),
        "may_change": agent.may(Permission.CLIENTS_CHANGE),
        "may_open": agent.may(Permission.TICKETS_CREATE),
        "may_see_allowance": agent.may(Permission.ALLOWANCES_VIEW),
    }
    ways = links(here, after, tickets.next_cursor, show=show)
    status = 409 if conflict else status_of(form)
    return page(request, "workspace/client.html", context | ways, section=SECTION, status=status)
