"""One ticket: its page, its framed mail, files attached afterwards, colleagues kept informed."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from deskhand.clients.queries.colleagues import colleagues_of
from deskhand.portal.forms import ColleagueForm
from deskhand.portal.pages import page
from deskhand.portal.ticket_boxes import RatingBox, boxes_around
from deskhand.portal.verbs import seen_ticket, ticket_verb
from deskhand.tickets.actions.assignment import add_participant
from deskhand.tickets.actions.attaching import attach_files
from deskhand.tickets.actions.drafts import mark_read
from deskhand.tickets.actions.unfollowing import follow_as_contact, unfollow_as_contact
from deskhand.tickets.client_view import client_ticket, framed_body
from deskhand.tickets.models import Audience, Ticket
from deskhand.tickets.queries.drafts import stored_draft
from deskhand.web.access import for_contacts
from deskhand.web.composing import Composed, from_draft, from_request
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_GET
def show(request: DeskRequest, number: int) -> HttpResponseBase:
    """Show the ticket and remember how far it was read, so that staff see it."""
    ticket = seen_ticket(request, number)
    position = vars(ticket)["unread"]
    if position is not None:
        mark_read(user=request.contact.user, ticket_id=ticket.pk, position=position, act=request.act)
    fields, revision = stored_draft(request.contact.user, ticket.pk, Audience.CLIENT)
    return ticket_page(request, ticket, reply=from_draft(request.contact.user, fields, revision))


def ticket_page(
    request: DeskRequest,
    ticket: Ticket,
    *,
    reply: Composed | None = None,
    late: Composed | None = None,
    colleague: ColleagueForm | None = None,
    rating: RatingBox | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the ticket's page, with forms as they were sent where something was wrong with them."""
    shown = client_ticket(request.contact, ticket.number, now=request.act.at)
    if shown is None:
        raise Http404
    is_unfollowed = vars(ticket)["is_unfollowed"]
    boxes = boxes_around(ticket, request.contact, is_unfollowed=is_unfollowed, now=request.act.at)
    return page(
        request,
        "portal/ticket.html",
        status=status,
        **boxes | ({"rating": rating} if rating else {}),
        ticket=shown,
        reply=reply or Composed(),
        late=late or Composed(),
        colleague=colleague or _colleague_form(request, ticket),
        problem=status != HTTPStatus.OK,
    )


def _colleague_form(request: DeskRequest, ticket: Ticket) -> ColleagueForm:
    others = colleagues_of(request.contact).exclude(participations__ticket=ticket).exclude(pk=ticket.requester_id)
    is_own_client = ticket.client_id is not None and ticket.client_id == request.contact.client_id
    sent = request.POST if "colleague" in request.POST else None
    return ColleagueForm(sent, colleagues=others if is_own_client else others.none())


@for_contacts
@require_GET
def message_body(request: DeskRequest, number: int, public_id: str) -> HttpResponseBase:
    """Answer with a mail's own layout, for the frame on the ticket's page."""
    html = framed_body(request.contact, number, public_id)
    if html is None:
        raise Http404
    return framed_page(html, query=request.GET)


@ticket_verb
def attach(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    """Attach files to the ticket without writing anything."""
    late = from_request(request, user=request.contact.user, act=request.act)
    if not late.files and not late.errors:
        late.note("files", "Choose a file first.")
    if late.errors:
        return ticket_page(request, ticket, late=late, status=422)
    attach_files(ticket_id=ticket.pk, files=late.files, act=request.act)
    messages.success(request, "Attached.")
    return redirect("portal:ticket", ticket.number)


@ticket_verb
def add_colleague(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    """Keep a colleague of the same client informed from now on."""
    form = _colleague_form(request, ticket)
    if not form.is_valid():
        return ticket_page(request, ticket, colleague=form, status=422)
    chosen = form.cleaned_data["colleague"]
    add_participant(ticket_id=ticket.pk, contact=chosen, act=request.act)
    messages.success(request, f"{chosen.name} is kept informed from now on.")
    return redirect("portal:ticket", ticket.number)


@ticket_verb
def following(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    """Send mail about this ticket, or no more; the portal shows it all the same."""
    if request.POST.get("follow") == "yes":
        follow_as_contact(ticket_id=ticket.pk, contact=request.contact, act=request.act)
        messages.success(request, "You get mail about this ticket again.")
    else:
        unfollow_as_contact(ticket_id=ticket.pk, contact=request.contact, act=request.act)
        messages.success(request, "You get no more mail about this ticket. You find it here all the same.")
    return redirect("portal:ticket", ticket.number)
