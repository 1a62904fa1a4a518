"""Alerts for business critical tickets, for the agents who are on call."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskhand.sla.actions.on_call import acknowledge_alert
from deskhand.sla.models import Alert
from deskhand.sla.queries.on_call import own_alerts
from deskhand.tickets.models import Ticket
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.screen import seen_ticket
from deskhand.workspace.verbs import ticket_verb


@for_agents()
@require_GET
def on_call(request: DeskRequest) -> HttpResponseBase:
    """Answer with the banner alone."""
    context = {"alerts": own_alerts(request.agent)}
    response: HttpResponse = render(request, "workspace/on_call.html", context)
    return response


@for_agents()
@require_GET
def taking_on(request: DeskRequest, number: int) -> HttpResponseBase:
    """Ask whether to take an alert on: where the link of a mail leads."""
    ticket = seen_ticket(request.agent, number)
    context = {"ticket": ticket, "is_waiting": Alert.objects.unanswered().filter(ticket=ticket).exists()}
    return page(request, "workspace/taking_on.html", context)


@ticket_verb()
def acknowledgement(request: DeskRequest, ticket: Ticket) -> str:
    """Take an alert on: nobody is alerted again."""
    acknowledge_alert(ticket_id=ticket.pk, act=request.act)
    return f"You took on #{ticket.number}. Nobody is alerted again."
