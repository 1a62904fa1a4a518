"""Whom a team message can mention."""

from django.http import HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET

from deskhand.tickets.queries.access import Mentionable, mentionable
from deskhand.web.access import for_agents
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.screen import seen_ticket


@for_agents()
@require_GET
def people(request: DeskRequest, number: int) -> HttpResponseBase:
    """Answer with up to eight agents whose name begins with `q`, and say who cannot see the ticket yet."""
    ticket = seen_ticket(request.agent, number)
    found = mentionable(ticket.pk, name=request.GET.get("q", "")[:80], without=request.agent)
    return JsonResponse([_described(person) for person in found], safe=False)


def _described(person: Mentionable) -> dict[str, object]:
    detail = person.title if person.sees_ticket else "cannot see this ticket yet"
    return {"id": person.id, "label": person.name, "detail": detail}
