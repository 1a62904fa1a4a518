"""What a client says on a ticket: a reply, closing, reopening, and a follow-up where it was closed too long ago."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from deskhand.portal.verbs import View, ticket_verb
from deskhand.portal.views.ticket import ticket_page
from deskhand.portal.writing import NotSent, open_another, post_reply
from deskhand.tickets.actions.drafts import DraftPlace, clear_draft
from deskhand.tickets.actions.status import close_ticket, reopen_ticket
from deskhand.tickets.client_view import client_ticket
from deskhand.tickets.models import Audience, Ticket
from deskhand.web.composing import Composed, from_request
from deskhand.web.viewers import DeskRequest


def _writing(view: Callable[[DeskRequest, Ticket, Composed], HttpResponseBase]) -> View:
    """Call the view with what stands in the reply box; where it cannot be sent, it comes back on the page."""

    @ticket_verb
    @wraps(view)
    def checked(request: DeskRequest, ticket: Ticket) -> HttpResponseBase:
        composed = from_request(request, user=request.contact.user, act=request.act)
        try:
            return view(request, ticket, composed)
        except NotSent as error:
            return ticket_page(request, ticket, reply=composed, status=error.status)

    return checked


@_writing
def reply(request: DeskRequest, ticket: Ticket, composed: Composed) -> HttpResponseBase:
    """Post what was written; a closed ticket opens again."""
    return redirect(_posted(request, ticket, composed))


@_writing
def close(request: DeskRequest, ticket: Ticket, composed: Composed) -> HttpResponseBase:
    """Close the ticket; what stands in the reply box is posted first, so that it is not lost."""
    if not composed.is_empty:
        _posted(request, ticket, composed)
    close_ticket(ticket_id=ticket.pk, act=request.act)
    messages.success(request, "Closed. Write again whenever something is left.")
    return redirect("portal:ticket", ticket.number)


@_writing
def reopen(request: DeskRequest, ticket: Ticket, composed: Composed) -> HttpResponseBase:
    """Open a closed ticket again, with what stands in the reply box if anything does."""
    if not composed.is_empty:
        return redirect(_posted(request, ticket, composed))
    shown = client_ticket(request.contact, ticket.number, now=request.act.at)
    if shown is None or not shown.reopens_on_reply:
        raise NotSent(409)
    reopen_ticket(ticket_id=ticket.pk, act=request.act)
    messages.success(request, "Opened again. Tell us below what is left to do.")
    return redirect("portal:ticket", ticket.number)


@_writing
def follow_up(request: DeskRequest, ticket: Ticket, composed: Composed) -> HttpResponseBase:
    """Open a new ticket that refers to one closed long ago."""
    opened, is_new = open_another(request, ticket, composed)
    if is_new:
        _forget_draft(request, ticket, composed)
    return redirect("portal:opened", opened.number)


def _posted(request: DeskRequest, ticket: Ticket, composed: Composed) -> str:
    """Post the reply and return its address. Raises NotSent."""
    message, is_new = post_reply(request, ticket, composed)
    if is_new:
        _forget_draft(request, ticket, composed)
    return f"{reverse('portal:ticket', args=[message.ticket.number])}#message-{message.public_id}"


def _forget_draft(request: DeskRequest, ticket: Ticket, composed: Composed) -> None:
    place = DraftPlace(request.contact.user, ticket.pk, Audience.CLIENT)
    clear_draft(place=place, act=request.act, revision=composed.draft_revision)
