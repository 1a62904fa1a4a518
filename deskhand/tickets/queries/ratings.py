"""Whether a closed ticket can be rated, and which of its resolutions a link means."""

from datetime import datetime, timedelta

from deskhand.core.moments import micros_of
from deskhand.tickets.models import RatingRequest, Ticket, TicketSettings


def rated_until(ticket: Ticket, settings: TicketSettings | None = None) -> datetime | None:
    """Return until when the last resolution can be rated; None for an open ticket, and where nobody is asked."""
    if ticket.closed_at is None:
        return None
    settings = settings or TicketSettings.current()
    if settings.rating == RatingRequest.OFF:
        return None
    return ticket.closed_at + timedelta(days=settings.rating_days)


def resolution_of(ticket: Ticket) -> int:
    """Return the moment the ticket was closed, in microseconds since 1970: which resolution it is. 0 while open."""
    return micros_of(ticket.closed_at) if ticket.closed_at else 0
