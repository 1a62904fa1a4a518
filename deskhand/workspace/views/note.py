"""A ticket's note: read, edited in its place, and never overwritten unseen."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from deskhand.accounts.roles import Permission
from deskhand.clients.actions.notes import NoteChanged, NoteTooLong
from deskhand.clients.models.notes import Note
from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.team import edit_note
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.fragments import wants_fragment
from deskhand.workspace.screen import Screen, seen_ticket


@for_agents(Permission.TICKETS_NOTE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def note(request: DeskRequest, number: int) -> HttpResponseBase:
    """Show the note to be edited, or save it; what someone else saved meanwhile is shown beside one's own text."""
    if request.method != "POST":
        return _editor(request, number) if "cancel" not in request.GET else _shown(request, number)
    ticket = seen_ticket(request.agent, number)
    text = request.POST.get("text", "")
    version = whole_number(request.POST.get("version", "")) or 0
    try:
        edit_note(ticket_id=ticket.pk, text=text, seen_version=version, act=request.act)
    except NoteChanged as error:
        return _editor(request, number, text=text, theirs=error.current, status=409)
    except NoteTooLong as error:
        return _editor(request, number, text=text, error=str(error), version=version, status=422)
    return _shown(request, number)


def _editor(
    request: DeskRequest,
    number: int,
    *,
    text: str | None = None,
    version: int | None = None,
    theirs: Note | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponseBase:
    screen = Screen(request, number)
    template = "workspace/note_form.html" if wants_fragment(request) else "workspace/note_page.html"
    current = screen.ticket.note
    context = {
        "text": current.text if text is None else text,
        "version": current.version if version is None else version,
        "theirs": theirs,
        "error": error,
    }
    return screen.part(template, context, status=status)


def _shown(request: DeskRequest, number: int) -> HttpResponseBase:
    screen = Screen(request, number)
    if wants_fragment(request):
        return screen.part("workspace/note.html")
    if request.method == "POST":
        messages.success(request, "The note is saved.")
    return redirect(screen.place.to_ticket(number))
