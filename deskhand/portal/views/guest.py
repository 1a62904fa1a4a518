"""One ticket by the link of a mail: reading it, answering, closing, rating; and unfollowing by a link of its own."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from deskhand.accounts.actions.signing_in import request_sign_in_link
from deskhand.portal.guests import (
    POSTS_IN_WINDOW,
    TOO_OFTEN,
    UPLOADS_IN_WINDOW,
    GuestView,
    Visit,
    answer,
    for_guests,
    guest_page,
    guest_verb,
)
from deskhand.portal.rating import TOO_LATE, rating_said, tell_rated
from deskhand.portal.ticket_boxes import rating_of
from deskhand.portal.writing import NotSent, open_another, post_reply
from deskhand.tickets.actions.status import close_ticket
from deskhand.tickets.actions.unfollowing import unfollow_as_contact
from deskhand.tickets.client_view import framed_body
from deskhand.tickets.links import Purpose, token_for
from deskhand.tickets.queries.files import file_of_ticket
from deskhand.web.composing import Composed, from_request
from deskhand.web.framing import framed_page
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest
from deskhand.web.views.files import answer_with, keep_upload


@for_guests
@require_GET
def show(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Show the ticket; nothing is marked as read, because a mail scanner may be looking."""
    return guest_page(request, visit)


def _writing(view: Callable[[DeskRequest, Visit, Composed], HttpResponseBase]) -> GuestView:
    """Call the view with what stands in the reply box; where it cannot be sent, it comes back on the page."""

    @guest_verb
    @wraps(view)
    def checked(request: DeskRequest, visit: Visit) -> HttpResponseBase:
        composed = from_request(request, user=request.contact.user, act=request.act)
        if not visit.may_post("post", limit=POSTS_IN_WINDOW):
            composed.note("text", TOO_OFTEN)
            return guest_page(request, visit, reply=composed, status=429)
        try:
            return view(request, visit, composed)
        except NotSent as error:
            return guest_page(request, visit, reply=composed, status=error.status)

    return checked


@_writing
def reply(request: DeskRequest, visit: Visit, composed: Composed) -> HttpResponseBase:
    """Post what was written, with the files sent along; a closed ticket opens again."""
    message, _ = post_reply(request, visit.ticket, composed)
    return answer(visit, f"#message-{message.public_id}")


@_writing
def close(request: DeskRequest, visit: Visit, composed: Composed) -> HttpResponseBase:
    """Close the ticket; what stands in the reply box is posted first, so that it is not lost."""
    if not composed.is_empty:
        post_reply(request, visit.ticket, composed)
    close_ticket(ticket_id=visit.ticket.pk, act=request.act)
    messages.success(request, "Closed. Write again whenever something is left.")
    return answer(visit)


@_writing
def follow_up(request: DeskRequest, visit: Visit, composed: Composed) -> HttpResponseBase:
    """Open a new ticket that refers to one closed long ago, and lead to it by a link of its own."""
    opened, is_new = open_another(request, visit.ticket, composed)
    if is_new:
        messages.success(request, f"Thank you. Your new ticket is #{opened.number}.")
    token = token_for(Purpose.GUEST, ticket=opened, contact=request.contact, at=request.act.at)
    return redirect("portal:guest", token)


@guest_verb
def rating(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Say how the closed ticket was solved, or change it."""
    if rating_of(visit.ticket, now=request.act.at) is None:
        messages.info(request, TOO_LATE)
        return answer(visit)
    said = rating_said(request.POST)
    if not visit.may_post("post", limit=POSTS_IN_WINDOW):
        said = replace(said, comment_errors=(TOO_OFTEN,))
    if said.has_errors:
        return guest_page(request, visit, rating=said, status=422)
    tell_rated(request, visit.ticket, said)
    return answer(visit, "#ticket-rating")


@guest_verb
def upload(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Keep one file for the reply while it is still being written."""
    if not visit.may_post("upload", limit=UPLOADS_IN_WINDOW):
        return JsonResponse({"error": "Too many files at once. Wait a quarter of an hour."}, status=429)
    return keep_upload(request)


@guest_verb
def sign_in(request: DeskRequest, visit: Visit) -> HttpResponseBase:
    """Send a one-time link to the guest's own address; nobody is signed in by this link itself."""
    address = request.contact.email
    if not within_limits(request, what="link", address=address, act=request.act):
        messages.error(request, TOO_MANY)
        return answer(visit)
    request_sign_in_link(address=address, act=request.act, next_path=f"/tickets/{visit.ticket.number}")
    messages.success(request, "A link to sign in is on its way to your mailbox. It works once, for 15 minutes.")
    return answer(visit)


@for_guests
@require_GET
def message_body(request: DeskRequest, visit: Visit, public_id: str) -> HttpResponseBase:
    """Answer with a mail's own layout, for the frame on the page."""
    html = framed_body(request.contact, visit.ticket.number, public_id)
    if html is None:
        raise Http404
    return framed_page(html, files_at=f"{visit.path}/files/", query=request.GET)


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


def _file(visit: Visit, public_id: str, *, inline: bool) -> HttpResponseBase:
    found = file_of_ticket(visit.ticket, public_id)
    if found is None:
        raise Http404
    return answer_with(found, disposition="inline" if inline and found.is_picture else "attachment")
