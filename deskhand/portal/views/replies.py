"""What a client says on a ticket: a reply, closing, reopening, and a follow-up where it was closed too long ago."""

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from deskhand.portal.verbs import verb
from deskhand.portal.views.ticket import seen_ticket, ticket_page
from deskhand.tickets.actions.conversation import TooLateToReopen, post_client_reply
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft
from deskhand.tickets.actions.follow_ups import open_follow_up
from deskhand.tickets.actions.status import close_ticket, reopen_ticket
from deskhand.tickets.client_view import client_ticket
from deskhand.tickets.models import Audience, Message, Ticket
from deskhand.tickets.queries.submissions import submitted
from deskhand.web.access import for_contacts
from deskhand.web.composing import Composed, from_request
from deskhand.web.viewers import DeskRequest


@for_contacts
@verb
def reply(request: DeskRequest, number: int) -> HttpResponseBase:
    """Post what was written; a closed ticket opens again."""
    ticket = seen_ticket(request, number)
    return _post(request, ticket, _composed(request))


@for_contacts
@verb
def close(request: DeskRequest, number: int) -> HttpResponseBase:
    """Close the ticket; what stands in the reply box is posted first, so that it is not lost."""
    ticket = seen_ticket(request, number)
    composed = _composed(request)
    posted = None if composed.is_empty else _post(request, ticket, composed)
    if posted is not None and not isinstance(posted, HttpResponseRedirect):
        return posted
    close_ticket(ticket_id=ticket.pk, act=request.act)
    messages.success(request, "Closed. Write again whenever something is left.")
    return redirect("portal:ticket", number)


@for_contacts
@verb
def reopen(request: DeskRequest, number: int) -> HttpResponseBase:
    """Open a closed ticket again, with what stands in the reply box if anything does."""
    ticket = seen_ticket(request, number)
    composed = _composed(request)
    if not composed.is_empty:
        return _post(request, ticket, composed)
    shown = client_ticket(request.contact, number, now=request.act.at)
    if shown is None or not shown.reopens_on_reply:
        return ticket_page(request, ticket, status=409)
    reopen_ticket(ticket_id=ticket.pk, act=request.act)
    messages.success(request, "Opened again. Tell us below what is left to do.")
    return redirect("portal:ticket", number)


@for_contacts
@verb
def follow_up(request: DeskRequest, number: int) -> HttpResponseBase:
    """Open a new ticket that refers to one closed long ago."""
    ticket = seen_ticket(request, number)
    composed = _composed(request)
    if (before := submitted(request.contact.user, composed.key)) is not None:
        return redirect("portal:opened", before.ticket.number)
    first = composed.message()
    if first is None:
        return ticket_page(request, ticket, reply=composed, status=422)
    opened = open_follow_up(ticket, request.contact, first, act=request.act)
    _forget_draft(request, ticket, composed)
    return redirect("portal:opened", opened.number)


def _composed(request: DeskRequest) -> Composed:
    return from_request(request, user=request.contact.user, act=request.act)


def _to(message: Message) -> HttpResponseRedirect:
    return redirect(f"{reverse('portal:ticket', args=[message.ticket.number])}#message-{message.public_id}")


def _post(request: DeskRequest, ticket: Ticket, composed: Composed) -> HttpResponseBase:
    # Asked after the files were looked for: where they are gone because the same form took them, this finds it.
    if (before := submitted(request.contact.user, composed.key)) is not None:
        return _to(before)
    new = composed.message()
    if new is None:
        return ticket_page(request, ticket, reply=composed, status=422)
    try:
        message = post_client_reply(ticket_id=ticket.pk, contact=request.contact, new=new, act=request.act)
    except TooLateToReopen:
        return ticket_page(request, ticket, reply=composed, status=409)
    _forget_draft(request, ticket, composed)
    return _to(message)


def _forget_draft(request: DeskRequest, ticket: Ticket, composed: Composed) -> None:
    place = DraftPlace(request.contact.user, ticket.pk, Audience.CLIENT)
    clear_draft(place=place, act=request.act, revision=composed.draft_revision)
