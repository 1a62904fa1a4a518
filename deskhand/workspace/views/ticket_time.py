"""Logging time on a ticket without a message, and asking the client to approve more of it."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.allowances.actions.estimates import EstimateNotValid, ask_approval, withdraw
from deskhand.allowances.models import Decision, Estimate
from deskhand.core.durations import DurationNotValid, duration, minutes_in
from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.drafts import DraftPlace, take_from_draft
from deskhand.tickets.models import Audience, Ticket
from deskhand.web.access import for_agents
from deskhand.web.composing import draft_revision, from_request
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.places import ListPlace
from deskhand.workspace.screen import AUDIENCES, Screen, seen_ticket
from deskhand.workspace.sending import not_sent
from deskhand.workspace.time_fields import NAMES, TimeFields, TimeNotLogged, typed_time
from deskhand.workspace.verbs import Refused, go_to, say, ticket_verb

MOST_MINUTES = 10_000 * 60


@for_agents(Permission.TIME_LOG)
@require_POST
def time(request: DeskRequest, number: int) -> HttpResponseBase:
    """Log what a composer's time fields hold. Its message stays unsent, as it is."""
    ticket = seen_ticket(request.agent, number)
    fields = typed_time(request)
    panel = request.POST.get("panel") if request.POST.get("panel") in AUDIENCES else "reply"
    try:
        entry = fields.log(ticket_id=ticket.pk, act=request.act)
    except TimeNotLogged:
        return _not_logged(request, number, str(panel), fields)
    _forget_time(request, ticket.pk, AUDIENCES[str(panel)])
    said = f"{duration(entry.actual_minutes)} logged."
    if not wants_fragment(request):
        say(request, said)
        return go_to(request, ListPlace(request.GET).to_ticket(number))
    screen = Screen(request, number)
    fresh = {"panel": panel, "fields": TimeFields(request.agent, screen.today), "said": said, "undo": ""}
    return screen.part("workspace/time_logged.html", screen.details(), fresh)


def _forget_time(request: DeskRequest, ticket_id: int, audience: Audience) -> None:
    """Take the time out of the draft, or it would be there to be logged once more."""
    place = DraftPlace(request.agent.user, ticket_id, audience)
    take_from_draft(place=place, names=NAMES, act=request.act, revision=draft_revision(request))


def _not_logged(request: DeskRequest, number: int, panel: str, fields: TimeFields) -> HttpResponseBase:
    if not wants_fragment(request):
        composed = from_request(request, user=request.agent.user, act=request.act)
        if panel == "team":
            return not_sent(request, number, time=fields, team=composed)
        return not_sent(request, number, time=fields, reply=composed)
    screen = Screen(request, number)
    context = {"panel": panel, "fields": fields, "said": ""}
    return screen.part("workspace/time_logged.html", screen.details(), context, status=422)


@ticket_verb(Permission.ALLOWANCES_VIEW)
def estimates(request: DeskRequest, ticket: Ticket) -> str:
    """Put extra time before the client."""
    if ticket.client_id is None:
        raise Refused("This ticket belongs to no client who could approve time.")
    try:
        minutes = minutes_in(request.POST.get("minutes", ""))
    except DurationNotValid as error:
        raise Refused(str(error)) from error
    if minutes > MOST_MINUTES:
        raise Refused("That is more than 10,000 hours. Check the extra time.")
    words = request.POST.get("description", "")
    try:
        ask_approval(ticket_id=ticket.pk, agent=request.agent, minutes=minutes, description=words, act=request.act)
    except EstimateNotValid as error:
        raise Refused(str(error)) from error
    return f"Asked the client to approve {duration(minutes)}."


@ticket_verb(Permission.ALLOWANCES_VIEW)
def withdrawal(request: DeskRequest, ticket: Ticket) -> str:
    """Take back what still waits for the client."""
    asked = Estimate.objects.filter(ticket=ticket, pk=whole_number(request.POST.get("estimate", "")) or 0).first()
    if asked is None:
        raise Refused("That estimate is not there any more. Load the page again.")
    withdraw(estimate_id=asked.pk, act=request.act)
    asked.refresh_from_db()
    if asked.decision == Decision.WITHDRAWN:
        return "Withdrawn. The client is not asked any more."
    raise Refused(f"The client answered meanwhile: {asked.get_decision_display().lower()}.")
