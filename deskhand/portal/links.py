"""Pages behind one link of a mail that let its reader decide one thing: nobody is signed in, a GET changes nothing."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponseBase
from django.shortcuts import render

from deskhand.accounts.rate_limits import allow
from deskhand.events import Act, Via
from deskhand.portal.guests import POSTS_IN_WINDOW, sealed
from deskhand.tickets.links import Claim, LinkNotValid, Purpose, read_claim
from deskhand.web.access import open_to_everyone
from deskhand.web.viewers import DeskRequest

ClaimView = Callable[[DeskRequest, Claim, str], HttpResponseBase]


def by_link(purpose: Purpose) -> Callable[[ClaimView], Callable[..., HttpResponseBase]]:
    """Call the view with what the link names, `request.contact` and an act of the contact by mail.

    Every link that opens nothing, and every LinkNotValid the view raises, gets the same page.
    """

    def decorate(view: ClaimView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: DeskRequest, token: str) -> HttpResponseBase:
            try:
                claim = read_claim(purpose, token, now=request.act.at)
                request.contact = claim.contact
                request.act = Act(actor=claim.contact.user, at=request.act.at, via=Via.MAIL)
                key = f"link:{claim.public_id}:{claim.contact.pk}"
                if request.method == "POST" and not allow(key, limit=POSTS_IN_WINDOW, now=request.act.at):
                    return sealed(render(request, "portal/too_often.html", status=429))
                return sealed(view(request, claim, token))
            except LinkNotValid:
                return sealed(render(request, "portal/guest_link_invalid.html", status=404))

        return open_to_everyone(checked)

    return decorate
