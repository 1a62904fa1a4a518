"""What a person prefers, remembered on the server."""

from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from deskhand.accounts.actions.preferences import THEMES, set_theme
from deskhand.web.access import for_people
from deskhand.web.viewers import DeskRequest


@for_people
@require_POST
def theme(request: DeskRequest) -> HttpResponseBase:
    """Remember light, dark or as the system has it."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest("Choose light, dark or system.")
    set_theme(user=request.viewer.user, theme=chosen)
    return HttpResponse(status=204)
