"""All files of the tickets a contact sees."""

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskhand.portal.asked import choice_asked, id_asked, words_asked
from deskhand.portal.pages import page
from deskhand.tickets.client_view import FileKind, client_files
from deskhand.web.access import for_contacts
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_GET
def files(request: DeskRequest) -> HttpResponseBase:
    """List them, newest first; find some by words and kind."""
    words, before = words_asked(request.GET).strip(), id_asked(request.GET, "before")
    kind = choice_asked(request.GET, "kind", FileKind)
    found = client_files(request.contact, words=words, kind=kind, before=before)
    asked = {name: value for name, value in {"q": words, "kind": kind or ""}.items() if value}
    own = reverse("portal:all_files")
    older = f"{own}?{urlencode(asked | {'before': found.next_before})}" if found.next_before else ""
    newest = f"{own}?{urlencode(asked)}" if before is not None else ""
    return page(request, "portal/files.html", found=found, words=words, kind=kind or "", older=older, newest=newest)
