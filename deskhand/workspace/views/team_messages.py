"""Writing to the team: clients never see it."""

from django.db import transaction
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.documents import mentions
from deskhand.tickets.actions.team import post_team_message
from deskhand.tickets.models import Audience
from deskhand.tickets.queries.access import strangers_among
from deskhand.tickets.queries.team_submissions import submitted_to_team
from deskhand.web.access import for_agents
from deskhand.web.composing import from_request
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.screen import seen_ticket
from deskhand.workspace.sending import not_sent, sent
from deskhand.workspace.time_fields import TimeNotLogged, typed_time


@for_agents(Permission.TICKETS_TEAM_MESSAGE)
@require_POST
def team_messages(request: DeskRequest, number: int) -> HttpResponseBase:
    """Write to the team. Mentioning someone who cannot see the ticket yet is asked about first: it gives access."""
    ticket = seen_ticket(request.agent, number)
    if submitted_to_team(request.agent.user, request.POST.get("idempotency_key", "")):
        return sent(request, number, Audience.TEAM)
    composed = from_request(request, user=request.agent.user, act=request.act)
    time = typed_time(request)
    new = composed.message()
    if new is None:
        return not_sent(request, number, time=time, team=composed)
    named = mentions(new.body.document) if new.body.document else []
    strangers = strangers_among(ticket.pk, named) if request.POST.get("then") != "give_access" else []
    if strangers:
        notice = {"strangers": [agent.name for agent in strangers], "audience": "team"}
        return not_sent(request, number, time=time, notice=notice, team=composed)
    try:
        with transaction.atomic():
            post_team_message(ticket_id=ticket.pk, agent=request.agent, new=new, act=request.act)
            time.log_if_given(ticket_id=ticket.pk, act=request.act)
    except TimeNotLogged:
        return not_sent(request, number, time=time, team=composed)
    return sent(request, number, Audience.TEAM)
