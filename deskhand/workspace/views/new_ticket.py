"""Opening a ticket for a client, or about one among the team."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskhand.accounts.roles import Permission
from deskhand.clients.actions.people import NotAContact
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft
from deskhand.tickets.actions.opening import SubjectNotValid
from deskhand.tickets.actions.opening_by_staff import NewPerson, StaffTicket, open_for_client
from deskhand.tickets.models import Audience, Priority, Ticket
from deskhand.tickets.queries.drafts import stored_draft
from deskhand.web.access import for_agents
from deskhand.web.composing import Composed, from_draft, from_request
from deskhand.web.forms import offering
from deskhand.web.paging import words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.forms.new_ticket import NewTicketForm
from deskhand.workspace.forms.shown import Shown, refusals, status_of
from deskhand.workspace.pages import page
from deskhand.workspace.views.contacts import people_to_choose

REFUSED = {NotAContact: "new_email", SubjectNotValid: "subject"}
DEFAULTS = {"audience": Audience.CLIENT, "priority": Priority.NORMAL, "tells_client": True}


@for_agents(Permission.TICKETS_CREATE)
@require_http_methods(["GET", "POST"])
def new_ticket(request: DeskRequest) -> HttpResponseBase:
    """Show the form, as the draft left it, or open the ticket."""
    agent = request.agent
    if request.method != "POST":
        return _first_page(request)
    form = NewTicketForm(request.POST, viewer=agent)
    composed = from_request(request, user=agent.user, act=request.act)
    if "find" in request.POST:
        return _page(request, NewTicketForm(initial=_as_typed(request.POST), viewer=agent), composed)
    first = composed.message()
    if form.is_valid() and first is not None:
        with refusals(form, REFUSED):
            ticket = _open(request, form.cleaned_data, first)
            place = DraftPlace(agent.user, None, Audience.CLIENT)
            clear_draft(place=place, act=request.act, revision=composed.draft_revision)
            return _opened(request, ticket)
    return _page(request, form, composed, status=422)


def _first_page(request: DeskRequest) -> HttpResponse:
    user = request.agent.user
    fields, revision = stored_draft(user, None, Audience.CLIENT)
    kept = fields | {"tells_client": "tells_client" in fields} if fields else {}
    asked_for = {"contact": request.GET["contact"]} if "contact" in request.GET else {}
    form = NewTicketForm(initial=DEFAULTS | kept | asked_for, viewer=request.agent)
    return _page(request, form, from_draft(user, fields, revision))


def _open(request: DeskRequest, fields: dict[str, Any], first: NewMessage) -> Ticket:
    new = StaffTicket(
        subject=fields["subject"],
        requester=fields["contact"] or NewPerson(email=fields["new_email"], name=fields["new_name"]),
        category=fields["category"],
        priority=fields["priority"],
        assignee=fields["assignee"],
        is_team_only=fields["audience"] == Audience.TEAM,
        tells_client=fields["tells_client"],
    )
    return open_for_client(ticket=new, agent=request.agent, first=first, act=request.act)


def _opened(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    messages.success(request, f"Ticket #{ticket.number} is open.")
    if Ticket.objects.visible_to(request.agent).filter(pk=ticket.pk).exists():
        return redirect("workspace:ticket", number=ticket.number)
    return redirect("workspace:inbox")


def _as_typed(given: QueryDict) -> dict[str, Any]:
    return {name: given[name] for name in given} | {"tells_client": "tells_client" in given}


def _page(request: DeskRequest, form: NewTicketForm, composed: Composed, *, status: int = 200) -> HttpResponse:
    shown, agent = Shown(form), request.agent
    context = people_to_choose(agent, words_in(request.POST), str(shown.value("contact"))) | {
        "form": shown,
        "composed": composed,
        "errors": shown.summary
        + [(f"field-{name}", text) for name, texts in composed.errors.items() for text in texts],
        "categories": [("", "None"), *((row.slug, row.name) for row in offering(form, "category").queryset)],
        "agents": [("", "Nobody yet"), *((row.pk, _name(row, agent)) for row in offering(form, "assignee").queryset)],
        "priorities": Priority.choices,
        "finds_people": agent.may(Permission.CLIENTS_VIEW),
    }
    return page(
        request, "workspace/new_ticket.html", context, section="new_ticket", status=max(status, status_of(form))
    )


def _name(row: Any, agent: Any) -> str:
    return f"{row.name} (you)" if row.pk == agent.pk else str(row.name)
