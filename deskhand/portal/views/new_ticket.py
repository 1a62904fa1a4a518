"""Opening a ticket, and the page that says thank you."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.allowances.queries import sites_of
from deskhand.clients.models import Contact, ContactQuerySet
from deskhand.clients.queries.colleagues import colleagues_of
from deskhand.portal.forms import NewTicketForm
from deskhand.portal.maintenance import figures_for
from deskhand.portal.pages import page
from deskhand.portal.promises import closed_words, promised_answer, usual_promise
from deskhand.portal.verbs import seen_ticket
from deskhand.sla.queries.promises import office_hours_now
from deskhand.tickets.actions.conversation import NewMessage
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft
from deskhand.tickets.actions.opening import NewTicket, open_ticket
from deskhand.tickets.client_view import client_ticket, similar_tickets
from deskhand.tickets.models import Audience, Category, Source, Ticket
from deskhand.tickets.queries.drafts import stored_draft
from deskhand.tickets.queries.submissions import submitted
from deskhand.web.access import for_contacts
from deskhand.web.composing import Composed, from_draft, from_request
from deskhand.web.forms import offering
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_http_methods(["GET", "POST"])
def new_ticket(request: DeskRequest) -> HttpResponseBase:
    """Show the form, as the draft left it, or open the ticket."""
    user = request.contact.user
    offered = _offered(request)
    if request.method != "POST":
        fields, revision = stored_draft(user, None, Audience.CLIENT)
        form = NewTicketForm(initial={"call_back_phone": request.contact.phone} | fields, **offered)
        return _form_page(request, form, from_draft(user, fields, revision))
    form, composed = NewTicketForm(request.POST, **offered), from_request(request, user=user, act=request.act)
    if (before := submitted(user, composed.key)) is not None:
        return redirect("portal:opened", before.ticket.number)
    first = composed.message()
    if not form.is_valid() or first is None:
        return _form_page(request, form, composed, status=422)
    ticket = _open(request, form.cleaned_data, first)
    place = DraftPlace(user, None, Audience.CLIENT)
    clear_draft(place=place, act=request.act, revision=composed.draft_revision)
    return redirect("portal:opened", ticket.number)


def _open(request: DeskRequest, fields: dict[str, Any], first: NewMessage) -> Ticket:
    contact = request.contact
    asked = {name: fields[name] for name in ("subject", "category", "site", "needed_by_on", "call_back_phone")}
    requester = fields["requester"] or contact
    new = NewTicket(requester=requester, author=contact.user, source=Source.PORTAL, raised_by=contact, **asked)
    return open_ticket(ticket=new, first=first, act=request.act)


def _offered(request: DeskRequest) -> dict[str, Any]:
    """Return what the form is to offer. Where there is but one site, nobody is asked for it."""
    contact, today = request.contact, timezone.localdate(request.act.at)
    sites = sites_of(contact.client_id, today) if contact.client_id else []
    return {"today": today, "colleagues": _colleagues(contact), "sites": sites if len(sites) > 1 else []}


def _colleagues(contact: Contact) -> ContactQuerySet:
    """Return for whom the contact may open tickets: those who manage people, for their colleagues."""
    return colleagues_of(contact) if contact.is_client_admin else Contact.objects.none()


def _form_page(request: DeskRequest, form: NewTicketForm, composed: Composed, *, status: int = 200) -> HttpResponse:
    offered = list(offering(form, "category").queryset)
    errors = {name: list(texts) for name, texts in form.errors.items()} | composed.errors
    return page(
        request,
        "portal/new_ticket.html",
        status=status,
        values={name: form[name].value() for name in form.fields},
        categories=[_card(category) for category in offered],
        critical=next((category for category in offered if category.is_business_critical), None),
        composed=composed,
        errors=errors,
        closed_words=closed_words(office_hours_now(request.act.at), now=request.act.at),
        promise=usual_promise(request.contact, now=request.act.at),
        sites=[(site, site) for site in form.sites],
        colleagues=[(str(one.pk), one.name) for one in form.colleagues],
        maintenance=figures_for(request.contact, today=timezone.localdate(request.act.at)),
    )


def _card(category: Category) -> dict[str, str | bool]:
    return {
        "value": category.slug,
        "title": category.name,
        "description": category.explanation,
        "icon": category.icon,
        "reveals": category.is_business_critical,
    }


@for_contacts
@require_GET
def similar(request: DeskRequest) -> HttpResponseBase:
    """Answer with the open tickets that may be about what is being typed; with nothing where there are none."""
    found = similar_tickets(request.contact, request.GET.get("subject", ""))
    return render(request, "portal/similar.html", {"tickets": found})


@for_contacts
@require_GET
def opened(request: DeskRequest, number: int) -> HttpResponseBase:
    """Say thank you, and which number the ticket has."""
    now = request.act.at
    ticket = client_ticket(request.contact, number, now=now)
    if ticket is None:
        raise Http404
    return page(
        request,
        "portal/opened.html",
        ticket=ticket,
        promised=promised_answer(seen_ticket(request, number), now=now),
        closed_words=closed_words(office_hours_now(now), now=now),
    )
