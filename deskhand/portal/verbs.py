"""Routes that only take a POST."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponseBase
from django.shortcuts import redirect

from deskhand.web.viewers import DeskRequest

View = Callable[[DeskRequest, int], HttpResponseBase]


def verb(view: View) -> View:
    """Send a GET to the ticket: someone loaded the page again that had answered their form."""

    @wraps(view)
    def checked(request: DeskRequest, number: int) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("portal:ticket", number)
        return view(request, number)

    return checked
