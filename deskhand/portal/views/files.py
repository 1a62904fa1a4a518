"""All files of the tickets a contact sees."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskhand.core.paging import IdCursor
from deskhand.portal.asked import choice_asked
from deskhand.portal.pages import page
from deskhand.tickets.client_view import FileKind, client_files
from deskhand.web.access import for_contacts
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_GET
def files(request: DeskRequest) -> HttpResponseBase:
    """List them, newest first; find some by words and kind."""
    words, after = words_in(request.GET), place_in(request.GET, IdCursor)
    kind = choice_asked(request.GET, "kind", FileKind)
    found = client_files(request.contact, words=words, kind=kind, after=after)
    ways = links(reverse("portal:all_files"), after, found.next_cursor, q=words, kind=kind or "")
    return page(request, "portal/files.html", found=found, words=words, kind=kind or "", ways=ways)
