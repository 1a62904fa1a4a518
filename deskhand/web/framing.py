"""Foreign HTML on a page of its own, shown in a sandboxed frame where its styles reach nothing of ours."""

import re

from django.http import HttpResponse
from django.template.loader import render_to_string

from deskhand.core.html import trusted

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
# Pictures from elsewhere would tell their sender who reads, when and where. The policy stops them; without the
# address the browser does not even complain.
_FOREIGN_PICTURE = re.compile(r'(<img\b[^>]*?) src="(?!/files/|data:image/)[^"]*"')


def framed_page(cleaned_html: str, *, files_at: str = "/files/") -> HttpResponse:
    """Answer with cleaned HTML that can run nothing, fetch nothing from elsewhere, and opens links in a new tab.

    `files_at` is the path below which the reader gets our own files, where it is not the usual one.
    """
    html = _FOREIGN_PICTURE.sub(r"\1", cleaned_html).replace('"/files/', f'"{files_at}')
    response = HttpResponse(render_to_string("web/framed.html", {"html": trusted(html)}))
    response["Content-Security-Policy"] = POLICY
    return response
