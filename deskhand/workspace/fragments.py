"""Answering with a part of a page where the page asks for one."""

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Return whether a script asks for a part of the page; an address opened in the browser gets all of it."""
    return request.headers.get("HX-Request-Type") == "partial"
