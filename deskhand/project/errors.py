"""The pages of things going wrong. They work without a database and without a session."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

NOT_FOUND = "We cannot find that page or you do not have access to it."


def _page(request: HttpRequest, *, status: int, title: str, words: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    page = render_to_string("ui/error.html", {"title": title, "words": words, "status": status})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's shape)
    """Answer 400."""
    words = "Something in that request cannot be used. Go back, load the page again and try once more."
    return _page(request, status=400, title="That did not work", words=words)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 403 to someone signed in who may see the place but not do this."""
    words = "Your role does not allow this. Ask an admin of the desk if you need it."
    return _page(request, status=403, title="Not allowed", words=words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404, the same for what is not there and for what is not yours."""
    return _page(request, status=404, title="Not found", words=NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a code that stands in the log."""
    code = f"E-{secrets.token_hex(3).upper()}"
    logger.error("answered 500 as %s for %s", code, request.path)
    words = f"Something went wrong on our side. It is reported as {code}. What you typed is kept in your browser."
    return _page(request, status=500, title="Something went wrong", words=words)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when the form's token is missing or old."""
    logger.info("refused a form at %s: %s", request.path, reason)
    words = "This page was open for too long. Go back, load it again and send once more; your text is kept there."
    return _page(request, status=403, title="Please try again", words=words)


def database_away(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database cannot be reached."""
    words = "The desk cannot reach its database just now. Nothing you typed was sent. Try again in a minute."
    response = _page(request, status=503, title="Back in a moment", words=words)
    response["Retry-After"] = "30"
    return response
