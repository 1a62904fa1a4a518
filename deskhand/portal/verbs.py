"""Routes that only take a POST."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponseBase
from django.shortcuts import redirect

from deskhand.web.viewers import DeskRequest

# The first arguments are a DeskRequest and the ticket's number, then what else the route captures.
View = Callable[..., HttpResponseBase]


def verb(view: View) -> View:
    """Send a GET to the ticket: someone loaded the page again that had answered their form."""

    @wraps(view)
    def checked(request: DeskRequest, number: int, **captured: object) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("portal:ticket", number)
        return view(request, number, **captured)

    return checked
