"""One ticket by the link of a mail: reading it, answering, closing; and unfollowing it by a link of its own."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.portal.guests import Visit, answer, for_guests, guest_page, guest_verb
from deskhand.tickets.actions.conversation import TooLateToReopen, post_client_reply
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.client_view import framed_body
from deskhand.tickets.links import Purpose
from deskhand.tickets.queries.files import file_of_ticket
from deskhand.tickets.queries.submissions import submitted
from deskhand.web.composing import Composed, from_request
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest
from deskhand.web.views.files import answer_with


@for_guests
@require_GET
def show(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Show the ticket; nothing is marked as read, because a mail scanner may be looking."""
    return guest_page(request, visit)


@for_guests
@guest_verb
def reply(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Post what was written, with the files sent along; a closed ticket opens again."""
    return _post(request, visit, from_request(request, user=request.contact.user, act=request.act))


@for_guests
@guest_verb
def close(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Close the ticket; what stands in the reply box is posted first, so that it is not lost."""
    composed = from_request(request, user=request.contact.user, act=request.act)
    if not composed.is_empty and (posted := _post(request, visit, composed)).status_code != 302:  # noqa: PLR2004
        return posted
    close_ticket(ticket_id=visit.ticket.pk, act=request.act)
    messages.success(request, "Closed. Write again whenever something is left.")
    return answer(visit)


@for_guests
@require_GET
def message_body(request: DeskRequest, visit: Visit, public_id: str) -> HttpResponseBase:
    """Answer with a mail's own layout, for the frame on the page."""
    html = framed_body(request.contact, visit.ticket.number, public_id)
    if html is None:
        raise Http404
    return framed_page(html, files_at=f"{visit.path}/files/")


@for_guests
@require_GET
def file(_request: DeskRequest, visit: Visit, public_id: str) -> HttpResponseBase:
    """Send a file of this ticket to be saved, never to be run."""
    return _file(visit, public_id, inline=False)


@for_guests
@require_GET
def file_inline(_request: DeskRequest, visit: Visit, public_id: str) -> HttpResponseBase:
    """Send a picture of this ticket to be shown; anything else is only to be saved."""
    return _file(visit, public_id, inline=True)


@partial(for_guests, purpose=Purpose.UNFOLLOW)
@require_http_methods(["GET", "POST"])
def unfollow(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Ask, and on the press of the button send no further mail about this ticket."""
    if request.method == "POST":
        unfollow_as_contact(ticket_id=visit.ticket.pk, contact=request.contact, act=request.act)
    context = {"ticket": visit.ticket, "person": request.contact, "is_done": request.method == "POST"}
    return render(request, "portal/guest_unfollow.html", context | {"token": visit.token})


def _post(request: DeskRequest, visit: Visit, composed: Composed) -> HttpResponseBase:
    if (before := submitted(request.contact.user, composed.key)) is not None:
        return answer(visit, f"#message-{before.public_id}")
    new = composed.message()
    if new is None:
        return guest_page(request, visit, reply=composed, status=422)
    try:
        message = post_client_reply(ticket_id=visit.ticket.pk, contact=request.contact, new=new, act=request.act)
    except TooLateToReopen:
        return guest_page(request, visit, reply=composed, status=409)
    return answer(visit, f"#message-{message.public_id}")


def _file(visit: Visit, public_id: str, *, inline: bool) -> HttpResponseBase:
    found = file_of_ticket(visit.ticket, public_id)
    if found is None:
        raise Http404
    return answer_with(found, disposition="inline" if inline and found.is_picture else "attachment")
