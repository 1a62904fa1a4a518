"""Guests: contacts without an account who come by the link of a mail and see one ticket, and nothing else.

Nobody is signed in: the link itself is checked at every request and opens this ticket alone. A GET changes nothing,
because mail scanners open links; whatever a guest does is a POST from the page.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from deskhand.accounts.rate_limits import allow
from deskhand.core.html import trusted
from deskhand.events import Act, Via
from deskhand.mail.composing import main_sender
from deskhand.portal.ticket_boxes import RatingBox, rating_of
from deskhand.tickets.client_view import ClientEventLine, ClientFile, ClientMessage, ClientTicket, client_ticket
from deskhand.tickets.links import Guest, LinkNotValid, Purpose, read_token
from deskhand.tickets.models import Ticket
from deskhand.web.access import open_to_everyone
from deskhand.web.composing import Composed
from deskhand.web.viewers import DeskRequest

POSTS_IN_WINDOW = 20
UPLOADS_IN_WINDOW = 60
TOO_OFTEN = "That was too often for one link. Wait a quarter of an hour, then send it again; it is still here."
_OWN_FILE = re.compile(r'"/files/(?=[A-Za-z0-9_-]{22})')


@dataclass(frozen=True)
class Visit:
    """One request of a guest: who, which ticket, and the token its addresses carry."""

    guest: Guest
    token: str
    at: datetime

    @property
    def ticket(self) -> Ticket:
        """The one ticket."""
        return self.guest.ticket

    @property
    def path(self) -> str:
        """The path below which everything of this guest lies."""
        return reverse("portal:guest", args=[self.token])

    def may_post(self, what: str, *, limit: int) -> bool:
        """Count one POST of this kind by this link and return whether it is within `limit` a quarter of an hour."""
        key = f"guest-{what}:{self.ticket.pk}:{self.guest.contact.pk}"
        return allow(key, limit=limit, now=self.at)


GuestView = Callable[..., HttpResponseBase]


def for_guests(view: GuestView, purpose: Purpose = Purpose.GUEST) -> GuestView:
    """Call the view with the Visit, `request.contact` and an act of the contact; else the page for all bad links."""

    @wraps(view)
    def checked(request: DeskRequest, token: str, **captured: str) -> HttpResponseBase:
        try:
            guest = read_token(purpose, token, now=request.act.at)
            request.contact = guest.contact
            request.act = Act(actor=guest.contact.user, at=request.act.at, via=Via.PORTAL)
            return sealed(view(request, Visit(guest, token, request.act.at), **captured))
        except LinkNotValid:
            return sealed(render(request, "portal/guest_link_invalid.html", status=404))

    return open_to_everyone(checked)


def guest_verb(view: GuestView) -> GuestView:
    """Let guests POST. A GET leads to the ticket: someone loaded the page that had answered their form."""

    @for_guests
    @wraps(view)
    def checked(request: DeskRequest, visit: Visit) -> HttpResponseBase:
        return view(request, visit) if request.method == "POST" else redirect(visit.path)

    return checked


def sealed(response: HttpResponseBase) -> HttpResponseBase:
    """Keep the address with its token out of search engines and away from other sites.

    Not `no-referrer`: without an origin, our own forms would be taken for another site's.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def guest_page(
    request: DeskRequest,
    visit: Visit,
    *,
    reply: Composed | None = None,
    rating: RatingBox | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """Render the ticket for its guest, with forms as they were sent where something was wrong with them."""
    shown = guest_ticket(request, visit)
    context = {
        "ticket": shown,
        "visit": visit,
        "person": request.contact,
        "reply": reply or Composed(),
        "rating": rating or rating_of(visit.ticket, now=request.act.at),
        "desk_address": main_sender().address,
        "upload_limit": settings.UPLOAD_LIMIT_BYTES,
        "problem": status != HTTPStatus.OK,
    }
    return render(request, "portal/guest.html", context, status=status)


def guest_ticket(request: DeskRequest, visit: Visit) -> ClientTicket:
    """Return the ticket as the contact sees it, without colleagues and other tickets, its files below the link."""
    shown = client_ticket(request.contact, visit.ticket.number, now=request.act.at)
    if shown is None:
        raise LinkNotValid
    return replace(shown, kept_informed=(), continues=None, entries=[_of_guest(one, visit) for one in shown.entries])


def with_guest_files(html: str, visit: Visit) -> str:
    """Return HTML whose pictures and files of ours are read by the link instead of by signing in."""
    return _OWN_FILE.sub(f'"{visit.path}/files/', html)


@dataclass(frozen=True, kw_only=True)
class GuestFile(ClientFile):
    """A file that a guest reads by the link."""

    base: str

    @property
    def href(self) -> str:
        """The path it is downloaded from."""
        return f"{self.base}/files/{self.public_id}"


def _of_guest(entry: ClientMessage | ClientEventLine, visit: Visit) -> ClientMessage | ClientEventLine:
    if isinstance(entry, ClientEventLine):
        return replace(entry, files=_files(entry.files, visit))
    return replace(
        entry,
        html=trusted(with_guest_files(entry.html, visit)) if entry.html else "",
        body_href=f"{visit.path}/messages/{entry.public_id}/body" if entry.body_href else "",
        files=_files(entry.files, visit),
    )


def _files(files: Iterable[ClientFile], visit: Visit) -> list[ClientFile]:
    return [
        GuestFile(
            public_id=file.public_id,
            name=file.name,
            size_bytes=file.size_bytes,
            content_type=file.content_type,
            base=visit.path,
        )
        for file in files
    ]


def answer(visit: Visit, anchor: str = "") -> HttpResponse:
    """Lead back to the page after a POST."""
    return redirect(f"{visit.path}{anchor}")
