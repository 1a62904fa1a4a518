"""Approving extra work and rating a solution by the link of a mail: asked on a GET, done by a POST."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deskhand.allowances.actions.estimates import EstimateAlreadyDecided, decide
from deskhand.allowances.estimates import may_decide, outlook_of
from deskhand.allowances.models import Decision, Estimate
from deskhand.portal.links import by_link
from deskhand.portal.rating import keep_rating, rating_said
from deskhand.portal.ticket_boxes import RatingBox, rating_of
from deskhand.tickets.links import Claim, LinkNotValid, Purpose, seen_by
from deskhand.tickets.models import Ticket, Verdict
from deskhand.tickets.queries.ratings import resolution_of
from deskhand.web.viewers import DeskRequest

ANSWERS = {"approve": True, "decline": False}
CHOOSE = "Choose whether to approve or to decline."


@by_link(Purpose.APPROVAL)
@require_http_methods(["GET", "POST"])
def approval(request: DeskRequest, claim: Claim, token: str) -> HttpResponseBase:
    """Show what is asked, or what became of it; on the press of a button keep the answer."""
    estimate = _estimate(claim)
    if request.method != "POST" or not _is_waiting(estimate):
        return _approval_page(request, estimate, token)
    if (approve := ANSWERS.get(request.POST.get("decision", ""))) is None:
        return _approval_page(request, estimate, token, error=CHOOSE, status=422)
    try:
        decide(estimate_id=estimate.pk, contact=claim.contact, approve=approve, act=request.act)
    except EstimateAlreadyDecided:
        return _approval_page(request, _estimate(claim), token)
    return redirect("portal:approval_by_link", token)


def _estimate(claim: Claim) -> Estimate:
    """Return the estimate the link is about. Raises LinkNotValid for one its reader may not, or no longer, decide."""
    related = ("ticket__status", "ticket__client", "asked_by", "decided_by__user")
    estimate = Estimate.objects.select_related(*related).filter(public_id=claim.public_id).first()
    if estimate is None or not may_decide(claim.contact, estimate.ticket):
        raise LinkNotValid
    if not seen_by(claim.contact).filter(pk=estimate.ticket_id).exists():
        raise LinkNotValid
    return estimate


def _is_waiting(estimate: Estimate) -> bool:
    return estimate.decision == Decision.WAITING and not estimate.ticket.is_closed


def _approval_page(
    request: DeskRequest, estimate: Estimate, token: str, *, error: str = "", status: int = 200
) -> HttpResponseBase:
    newer = Estimate.objects.filter(ticket=estimate.ticket_id, pk__gt=estimate.pk, decision=Decision.WAITING)
    context = {
        "estimate": estimate,
        "ticket": estimate.ticket,
        "is_waiting": _is_waiting(estimate),
        "is_own": estimate.decided_by is not None and estimate.decided_by.pk == request.contact.pk,
        "is_asked_anew": estimate.decision == Decision.WITHDRAWN and newer.exists(),
        "outlook": outlook_of(estimate, today=timezone.localdate(request.act.at)) if _is_waiting(estimate) else None,
        "token": token,
        "error": error,
    }
    return render(request, "portal/by_link_approval.html", context, status=status)


@by_link(Purpose.RATING)
@require_http_methods(["GET", "POST"])
def rating(request: DeskRequest, claim: Claim, token: str) -> HttpResponseBase:
    """Ask how it was, with the answer chosen in the mail; on the press of a button keep it."""
    ticket = seen_by(claim.contact).filter(public_id=claim.public_id).first()
    if ticket is None:
        raise LinkNotValid
    kept = rating_of(ticket, now=request.act.at) if claim.mark == resolution_of(ticket) else None
    if kept is None:
        return _rating_page(request, ticket, token, None)
    if request.method != "POST":
        return _rating_page(request, ticket, token, _chosen(request, kept), is_kept=bool(kept.verdict))
    said = rating_said(request.POST)
    if said.has_errors:
        return _rating_page(request, ticket, token, said, status=422)
    if not keep_rating(request, ticket, said):
        return _rating_page(request, ticket, token, None)
    return _rating_page(request, ticket, token, said, is_kept=True, is_thanked=True)


def _chosen(request: DeskRequest, kept: RatingBox) -> RatingBox:
    """Return the box with what the link of the mail says, which is not kept before the button is pressed."""
    verdict = request.GET.get("verdict", "")
    return RatingBox(verdict, kept.comment) if verdict in Verdict.values else kept


def _rating_page(
    request: DeskRequest,
    ticket: Ticket,
    token: str,
    box: RatingBox | None,
    *,
    is_kept: bool = False,
    is_thanked: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    context = {"ticket": ticket, "rating": box, "token": token, "is_kept": is_kept, "is_thanked": is_thanked}
    return render(request, "portal/by_link_rating.html", context, status=status)
