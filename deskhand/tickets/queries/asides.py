"""What else staff should know of a ticket at a glance: that the client asks for it, and how it was rated."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject

from deskhand.accounts.models import Agent
from deskhand.accounts.roles import Permission
from deskhand.core.names import without_address
from deskhand.tickets.models import Message, Rating, Verdict


@dataclass(frozen=True)
class Said:
    """How the client rated the last resolution."""

    verdict: Verdict
    comment: str
    by: str
    at: datetime


def unheard_chase() -> Case:
    """Return when a client asked for an update, of a ticket that is open and on which no agent wrote to them since."""
    answered = Message.objects.filter(
        ticket=OuterRef("pk"), is_from_client=False, is_held=False, created_at__gt=OuterRef("chased_at")
    )
    unheard = Q(chased_at__isnull=False, closed_at=None) & ~Exists(answered)
    return Case(When(unheard, then=F("chased_at")), output_field=DateTimeField())


def last_rating() -> Subquery:
    """Return what the client said of the last resolution, for `said_of`."""
    ratings = Rating.objects.filter(ticket=OuterRef("pk")).order_by("-closed_at")
    fields = JSONObject(verdict="verdict", comment="comment", by="rated_by__user__name", at="rated_at")
    return Subquery(ratings.values(said=fields)[:1])


def said_of(fields: dict[str, Any] | None, agent: Agent) -> Said | None:
    """Return a `last_rating` as this agent reads it."""
    if fields is None:
        return None
    name = fields["by"] if agent.may(Permission.CLIENTS_CONTACT_DETAILS) else without_address(fields["by"])
    return Said(Verdict(fields["verdict"]), fields["comment"], name, datetime.fromisoformat(fields["at"]))
