"""What else staff should know of a ticket at a glance: that the client asks for it, where to call, how it was rated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.core.names import without_address
from deskhand.tickets.models import Message, Rating, Ticket, Verdict


@dataclass(frozen=True)
class Said:
    """How the client rated the last resolution."""

    verdict: Verdict
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Asides:
    """`chased_at` is none once staff answered; `call_back_phone` is empty for roles that may not know numbers."""

    chased_at: datetime | None
    call_back_phone: str
    rating: Said | None


def chased_tickets(ticket_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when a client asked for an update, of the tickets on which no agent wrote to them since. One query."""
    answered = Message.objects.filter(
        ticket=OuterRef("pk"), is_from_client=False, is_held=False, created_at__gt=OuterRef("chased_at")
    )
    chased = Ticket.objects.filter(~Exists(answered), pk__in=list(ticket_ids), chased_at__isnull=False, closed_at=None)
    return {pk: at for pk, at in chased.values_list("pk", "chased_at") if at is not None}


def asides_of(ticket_id: int, agent: Agent) -> Asides:
    """Return what stands beside one ticket the agent sees. Three queries."""
    may_know = agent.may(Permission.CLIENTS_CONTACT_DETAILS)
    phone = Ticket.objects.filter(pk=ticket_id).values_list("call_back_phone", flat=True).first()
    return Asides(
        chased_at=chased_tickets([ticket_id]).get(ticket_id),
        call_back_phone=phone or "" if may_know else "",
        rating=_rating(ticket_id, may_know=may_know),
    )


def _rating(ticket_id: int, *, may_know: bool) -> Said | None:
    rating = Rating.objects.filter(ticket=ticket_id).select_related("rated_by__user").order_by("-closed_at").first()
    if rating is None:
        return None
    name = rating.rated_by.name if may_know else without_address(rating.rated_by.name)
    return Said(Verdict(rating.verdict), rating.comment, name, rating.rated_at)
