"""Foreign HTML on a page of its own, shown in a sandboxed frame where its styles reach nothing of ours."""

from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string

from deskhand.core.html import trusted
from deskhand.web.remote_pictures import has_remote_pictures, with_remote_pictures, without_remote_pictures

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
PICTURES = "pictures"
"""Stands in the query where the reader asked for the pictures of other servers."""


def framed_page(cleaned_html: str, *, files_at: str = "/files/", query: QueryDict | None = None) -> HttpResponse:
    """Answer with cleaned HTML that can run nothing, fetch nothing from elsewhere, and opens links in a new tab.

    `files_at` is the path below which the reader gets our own files, where it is not the usual one. With the request's
    `query` the page offers the pictures of other servers, and shows them where the query asks for them.
    """
    offer = ""
    if query is not None and PICTURES in query:
        html = with_remote_pictures(cleaned_html)
    else:
        html = without_remote_pictures(cleaned_html)
        if query is not None and has_remote_pictures(cleaned_html):
            offer = "?" + "&".join([*(name for name in ("quoted",) if name in query), PICTURES])
    html = html.replace('"/files/', f'"{files_at}')
    response = HttpResponse(render_to_string("web/framed.html", {"html": trusted(html), "offer": offer}))
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response
