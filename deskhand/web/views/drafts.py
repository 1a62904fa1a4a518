"""Unsent text, saved while it is written."""

import json
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods

from deskhand.accounts.models import Agent
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft, save_draft
from deskhand.tickets.models import Audience, Ticket
from deskhand.web.access import for_people
from deskhand.web.composing import REVISION_DIGITS
from deskhand.web.viewers import DeskRequest

LIMIT_BYTES = 400_000
FIELDS = {
    "subject", "category", "text", "document", "needed_by_on", "site", "urgency", "attachments",
    # A ticket opened by staff; without its audience, text for the team could reach the client.
    "contact", "new_name", "new_email", "audience", "priority", "assignee", "tells_client",
}  # fmt: skip
TIME_FIELDS = {"time-actual", "time-description", "time-charged", "time-charge_note"}
"""What staff log with a message; the day counts only beside one of these, as it is never empty."""
TIME_DAY = "time-work_on"


@for_people
@require_http_methods(["PUT", "POST", "DELETE"])
def new_ticket_draft(request: DeskRequest) -> HttpResponseBase:
    """Save or drop the draft of a ticket not opened yet."""
    return _answer(request, DraftPlace(request.viewer.user, None, Audience.CLIENT))


@for_people
@require_http_methods(["PUT", "POST", "DELETE"])
def ticket_draft(request: DeskRequest, number: int, audience: str) -> HttpResponseBase:
    """Save or drop a draft on a ticket the viewer sees; contacts write to clients alone."""
    viewer = request.viewer
    ticket = Ticket.objects.visible_to(viewer).filter(number=number).first()
    known = audience in Audience.values and (isinstance(viewer, Agent) or audience == Audience.CLIENT)
    if ticket is None or not known:
        raise Http404
    return _answer(request, DraftPlace(viewer.user, ticket.pk, Audience(audience)))


def _answer(request: DeskRequest, place: DraftPlace) -> HttpResponseBase:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT_BYTES:
        return HttpResponse("This is too long to keep as a draft. Attach part of it as a file.", status=413)
    parsed = _parsed(request)
    if parsed is None:
        return HttpResponse("This draft cannot be read. Copy your text and load the page again.", status=400)
    sent, revision = parsed
    if request.method == "DELETE":
        clear_draft(place=place, act=request.act, revision=revision)
        return JsonResponse({"saved": False})
    kept = FIELDS | TIME_FIELDS | ({TIME_DAY} if any(sent.get(name) for name in TIME_FIELDS) else set())
    content = {name: value for name, value in sent.items() if name in kept and value}
    return JsonResponse({"saved": save_draft(place=place, content=content, revision=revision, act=request.act)})


def _parsed(request: DeskRequest) -> tuple[dict[str, Any], int] | None:
    """Return the fields sent, texts and lists of texts, and their whole `revision`; None for what is none of ours."""
    try:
        sent = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    revision = sent.pop("revision", 0)
    is_whole = type(revision) is int and 0 <= revision < 10**REVISION_DIGITS
    return (sent, revision) if is_whole and all(map(_is_text, sent.values())) else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
