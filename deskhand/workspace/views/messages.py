"""Answering the client, and letting in a message that was held back."""

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.mail.actions import held
from deskhand.tickets.actions.conversation import NewerEntries, reply
from deskhand.tickets.actions.held import NotHeld, NotOfStaff
from deskhand.tickets.models import Audience, Ticket
from deskhand.tickets.models.labels import AfterReply
from deskhand.tickets.queries.submissions import submitted
from deskhand.tickets.queries.thread import newer_entries
from deskhand.tickets.queries.ticket_page import TicketPage
from deskhand.web.access import for_agents
from deskhand.web.composing import from_request
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.screen import seen_page
from deskhand.workspace.sending import forget_draft, not_sent, sent
from deskhand.workspace.time_fields import TimeNotLogged, typed_time
from deskhand.workspace.verbs import Refused, go_on, ticket_verb

_ANSWERS = {
    "accept": (held.accept, "Accepted. The client sees it now."),
    "team": (held.keep_for_team, "Kept for the team. The client sees nothing of it."),
    "delete": (held.delete, "Deleted. Its line in the mail log stays."),
}


@for_agents(Permission.TICKETS_REPLY)
@require_POST
def messages(request: DeskRequest, number: int) -> HttpResponseBase:
    """Send a reply. What was written meanwhile is shown first, and nothing typed goes away."""
    ticket = seen_page(request.agent, number)
    if submitted(request.agent.user, request.POST.get("idempotency_key", "")) is not None:
        return sent(request, number, Audience.CLIENT)
    composed = from_request(request, user=request.agent.user, act=request.act)
    time = typed_time(request)
    new, after = composed.message(), _after(request, ticket)
    if new is None:
        return not_sent(request, number, time=time, reply=composed)
    seen = whole_number(request.POST.get("last_seen", ""))
    try:
        with transaction.atomic():
            reply(ticket_id=ticket.id, agent=request.agent, new=new, after=after, act=request.act, last_seen=seen)
            time.log_if_given(ticket_id=ticket.id, act=request.act)
    except TimeNotLogged:
        return not_sent(request, number, time=time, reply=composed)
    except NewerEntries as error:
        newer = newer_entries(ticket.id, agent=request.agent, seen=error.seen)
        notice = {"newer": newer, "then": after, "audience": "reply"}
        return not_sent(request, number, time=time, notice=notice, reply=composed)
    if after != AfterReply.CLOSE:
        return sent(request, number, Audience.CLIENT)
    forget_draft(request, ticket.id, Audience.CLIENT)
    undo = reverse("workspace:reopening", args=[number])
    return go_on(request, ticket.cursor, said=f"Sent. #{number} is closed.", undo=undo)


def _after(request: DeskRequest, ticket: TicketPage) -> AfterReply:
    try:
        return AfterReply(request.POST.get("then", ticket.after_reply))
    except ValueError:
        return ticket.after_reply


@ticket_verb(Permission.TICKETS_REPLY)
def acceptance(request: DeskRequest, ticket: Ticket) -> str:
    """Decide about a held message: let it in, keep an agent's for the team, or delete it."""
    message = ticket.messages.filter(public_id=request.POST.get("message", "")).first()
    answer = request.POST.get("answer", "accept")
    if message is None or answer not in _ANSWERS:
        raise Refused("That message is not there any more. Load the page again.")
    decide, said = _ANSWERS[answer]
    if answer == "team" and not request.agent.may(Permission.TICKETS_TEAM_MESSAGE):
        raise Refused("You may not write to the team here.")
    try:
        decide(ticket_id=ticket.pk, message_id=message.pk, act=request.act)
    except (NotHeld, NotOfStaff) as error:
        raise Refused(str(error)) from error
    return said
