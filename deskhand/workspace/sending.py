"""What a composer is answered with: a fresh one beside the longer thread, or why its text was not sent."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft, mark_read
from deskhand.tickets.models import Audience
from deskhand.tickets.queries.ticket_page import TicketPage
from deskhand.web.composing import Composed, draft_revision
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.screen import AUDIENCES, Screen
from deskhand.workspace.time_fields import TimeFields
from deskhand.workspace.verbs import say

PANELS = {audience: panel for panel, audience in AUDIENCES.items()}
SENT = {Audience.CLIENT: "Sent.", Audience.TEAM: "Your team sees it."}


def forget_draft(request: DeskRequest, ticket_id: int, audience: Audience) -> None:
    """Empty the draft of what was sent, and have its late saves dropped."""
    place = DraftPlace(request.agent.user, ticket_id, audience)
    clear_draft(place=place, act=request.act, revision=draft_revision(request))


def sent(request: DeskRequest, number: int, audience: Audience) -> HttpResponseBase:
    """Show the thread with what was just sent, and an empty composer; the other audience's text stays as it is."""
    screen = Screen(request, number)
    forget_draft(request, screen.ticket.id, audience)
    _read_own(request, screen.ticket)
    if not wants_fragment(request):
        say(request, SENT[audience])
        return redirect(screen.place.to_ticket(number))
    screen = Screen(request, number)
    read_to = whole_number(request.POST.get("read_to", ""))
    thread = screen.timeline(read_to=screen.ticket.read_to if read_to is None else read_to)
    panel = PANELS[audience]
    words = {"panel": panel, "said": SENT[audience], "undo": ""}
    response = screen.part("workspace/sent.html", screen.composers(), thread, screen.details(), words)
    response["HX-Retarget"], response["HX-Reswap"] = f"#composer-{panel}", "outerHTML"
    return response


def _read_own(request: DeskRequest, ticket: TicketPage) -> None:
    """Count what one has written as read, if all before it was."""
    if ticket.read_to == ticket.entry_count - 1:
        mark_read(user=request.agent.user, ticket_id=ticket.id, position=ticket.entry_count, act=request.act)


def not_sent(
    request: DeskRequest,
    number: int,
    *,
    time: TimeFields,
    notice: dict[str, Any] | None = None,
    **composed: Composed,
) -> HttpResponseBase:
    """Say why nothing was sent: errors (422), or something to read first (409). Text and time stay where they are."""
    screen = Screen(request, number)
    screen.typed_time = dict.fromkeys(composed, time)
    status = 409 if notice else 422
    if not wants_fragment(request):
        return screen.whole(status=status, notice=notice, **composed)
    (panel, form), *_ = composed.items()
    errors = form.errors | ({"time": time.words} if time.words else {})
    context = {"panel": panel, "notice": notice, "errors": errors}
    response = screen.part("workspace/not_sent.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = f"#notice-{panel}", "innerHTML"
    return response
