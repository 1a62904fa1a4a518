"""Who is responsible for a ticket, and which team."""

from deskhand.accounts.models import Agent, Team
from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.assignment import change_assignees, set_team
from deskhand.tickets.models import Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import Refused, ticket_verb


@ticket_verb(Permission.TICKETS_ASSIGN)
def assignment(request: DeskRequest, ticket: Ticket) -> None:
    """Make agents responsible (`add`), or no longer (`remove`); each may be given several times."""
    added = _agents(request.POST.getlist("add"), is_active=True)
    removed = _agents(request.POST.getlist("remove"))
    change_assignees(ticket_id=ticket.pk, add=added, remove=removed, act=request.act)


@ticket_verb(Permission.TICKETS_ASSIGN)
def team(request: DeskRequest, ticket: Ticket) -> None:
    """Hand the ticket to a team, or to none."""
    chosen = request.POST.get("team", "")
    found = Team.objects.filter(pk=whole_number(chosen) or 0).first()
    if chosen and found is None:
        raise Refused("That team is gone. Load the page again and choose another.")
    set_team(ticket_id=ticket.pk, team=found, act=request.act)


def _agents(given: list[str], **where: bool) -> list[Agent]:
    ids = {whole_number(text) or 0 for text in given}
    people = Agent.objects.active() if where else Agent.objects.select_related("user")
    found = list(people.filter(pk__in=ids))
    if len(found) != len(set(given)):
        raise Refused("Someone of those does not work here any more. Load the page again and choose anew.")
    return found
