"""What a client decides about a ticket in one press: ask for an update, approve extra work, rate the solution."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from deskhand.allowances.actions.estimates import EstimateAlreadyDecided, decide
from deskhand.allowances.estimates import may_decide
from deskhand.allowances.models import Estimate
from deskhand.portal.rating import TOO_LATE, rating_said, tell_rated
from deskhand.portal.ticket_boxes import chase_state, rating_of
from deskhand.portal.verbs import ticket_verb
from deskhand.portal.views.ticket import ticket_page
from deskhand.tickets.actions.chasing import NotWithUs, ask_for_update
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest

ASKED = "We see that you are waiting for news."
ASKED_BEFORE = "You or a colleague asked already. You can ask again on the next working day, or call us."
NOT_WITH_US = "This ticket is not waiting for us. Write below if something is left to do."


@ticket_verb
def chase(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    """Ask for an update, once per working day."""
    state = chase_state(ticket, now=request.act.at)
    if state is None:
        messages.info(request, NOT_WITH_US)
    elif state.may_ask and _asked(request, ticket):
        messages.success(request, ASKED)
    else:
        messages.info(request, ASKED_BEFORE)
    return redirect("portal:ticket", ticket.number)


def _asked(request: DeskRequest, ticket: Ticket) -> bool:
    try:
        return ask_for_update(ticket_id=ticket.pk, last_asked_at=ticket.chased_at, act=request.act)
    except NotWithUs:
        return False


@ticket_verb
def approval(request: DeskRequest, ticket: Ticket, public_id: str) -> HttpResponseBase:
    """Approve or decline extra work; pressing twice changes nothing."""
    estimate = _estimate(request, ticket, public_id)
    approve = request.POST.get("decision") == "approve"
    if not approve and request.POST.get("decision") != "decline":
        messages.error(request, "Choose whether to approve or to decline.")
        return redirect("portal:ticket", ticket.number)
    try:
        decide(estimate_id=estimate.pk, contact=request.contact, approve=approve, act=request.act)
    except EstimateAlreadyDecided as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "Approved. We go ahead." if approve else "Declined. We do not start this.")
    return redirect("portal:ticket", ticket.number)


def _estimate(request: DeskRequest, ticket: Ticket, public_id: str) -> Estimate:
    asked = Estimate.objects.filter(ticket=ticket, public_id=public_id)
    estimate = asked.first() if may_decide(request.contact, ticket) else None
    if estimate is None:
        raise Http404
    return estimate


@ticket_verb
def rating(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
    """Say how a closed ticket was solved, or change it."""
    if rating_of(ticket, now=request.act.at) is None:
        messages.info(request, TOO_LATE)
        return redirect("portal:ticket", ticket.number)
    said = rating_said(request.POST)
    if said.has_errors:
        return ticket_page(request, ticket, rating=said, status=422)
    tell_rated(request, ticket, said)
    return redirect("portal:ticket", ticket.number)
