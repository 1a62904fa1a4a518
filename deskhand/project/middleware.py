"""What every answer carries, and the page people see while the database is away."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from deskhand.project.errors import bad_request, database_away

_TEXT = ("text/html", "application/json")
GetResponse = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)


class SecurityHeadersMiddleware:
    """Adds the content policy, keeps pages out of shared caches, and believes listed proxies alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers every page has; a view may have set a narrower policy."""
        believe_listed_proxies(request)
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


def believe_listed_proxies(request: HttpRequest) -> None:
    """Take the client's address and scheme from X-Forwarded-* when, and only when, a listed proxy says so."""
    forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
    proto = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
    request.META.pop("HTTP_X_FORWARDED_HOST", None)
    if request.META.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES:
        return
    if proto == "https":
        request.META["wsgi.url_scheme"] = request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
    untrusted = [hop.strip() for hop in forwarded.split(",") if hop.strip() not in settings.TRUSTED_PROXIES]
    if untrusted and untrusted[-1]:
        request.META["REMOTE_ADDR"] = untrusted[-1]


class CompressedPagesMiddleware(GZipMiddleware):
    """Compresses pages for browsers that take it; files come as they are, scripts and styles compressed by the build.

    What a page repeats of an attacker's words tells nothing of its secrets by its length (BREACH): tokens of forms are
    masked anew on every page, and Django adds bytes by chance.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, compressed where it is text."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(_TEXT):
            return response
        return super().process_response(request, response)


class DatabaseTroubleMiddleware:
    """Turns a lost database, and text that no database holds, into pages that say so; what was typed stays there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say what kept the database from it."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 for a lost connection, after closing it so that the next request opens a new one.

        And 400 for a NUL, which PostgreSQL holds in no text: what people write is cleaned of it, an id or a key of a
        form that has one comes from no page of ours.
        """
        if isinstance(error, DataError) and "NUL" in str(error):
            return bad_request(request, error)
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("database away: %s", error)
        connection.close()
        return database_away(request)
