"""A ticket's simple properties: subject, priority, category, the two dates."""

from datetime import date

from deskhand.accounts.roles import Permission
from deskhand.core.numbers import whole_number
from deskhand.tickets.actions.properties import set_category, set_due, set_needed_by, set_priority, set_subject
from deskhand.tickets.models import Category, Priority, Ticket
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.verbs import Refused, ticket_verb


@ticket_verb(Permission.TICKETS_CHANGE)
def subject(request: DeskRequest, ticket: Ticket) -> None:
    """Rename the ticket."""
    set_subject(ticket_id=ticket.pk, subject=request.POST.get("subject", ""), act=request.act)


@ticket_verb(Permission.TICKETS_CHANGE)
def priority(request: DeskRequest, ticket: Ticket) -> None:
    """Set how urgent it is."""
    known = {level.name.lower(): level for level in Priority}
    chosen = known.get(request.POST.get("priority", ""))
    if chosen is None:
        raise Refused("Choose one of the priorities.")
    set_priority(ticket_id=ticket.pk, priority=chosen, act=request.act)


@ticket_verb(Permission.TICKETS_CHANGE)
def category(request: DeskRequest, ticket: Ticket) -> None:
    """Set what it is about; nothing chosen means no category."""
    chosen = request.POST.get("category", "")
    found = Category.objects.filter(pk=whole_number(chosen) or 0).first()
    if chosen and found is None:
        raise Refused("That category is gone. Load the page again and choose another.")
    set_category(ticket_id=ticket.pk, category=found, act=request.act)


@ticket_verb(Permission.TICKETS_CHANGE)
def needed_by(request: DeskRequest, ticket: Ticket) -> None:
    """Set the client's own deadline."""
    set_needed_by(ticket_id=ticket.pk, needed_by_on=_day(request), act=request.act)


@ticket_verb(Permission.TICKETS_CHANGE)
def due(request: DeskRequest, ticket: Ticket) -> None:
    """Set the staff's due date."""
    set_due(ticket_id=ticket.pk, due_on=_day(request), act=request.act)


def _day(request: DeskRequest) -> date | None:
    text = request.POST.get("day", "").strip()
    try:
        return date.fromisoformat(text) if text and "remove" not in request.POST else None
    except ValueError as error:
        raise Refused("Choose the day from the calendar, or write it as 2026-11-26.") from error
