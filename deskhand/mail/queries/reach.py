"""Whom a message on a ticket would reach by mail now, and why not the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.mail.models import SuppressedAddress
from deskhand.tickets.models import Participant, Ticket, Unfollowed
from deskhand.tickets.queries.mail_choice import reading_all


@dataclass(frozen=True)
class Reach:
    """Why people of the conversation get no mail, by name; and whether that is all of them."""

    without: tuple[tuple[str, str], ...]
    is_nobody: bool

    @property
    def words(self) -> str:
        """The reasons as one line; empty where everybody gets mail."""
        return "; ".join(f"{name} {why}" for name, why in self.without)


def reach_of(ticket_id: int) -> Reach:
    """Return whom the next message to the client reaches by mail. One query."""
    reasons = [(row["user__name"], _reason(row)) for row in _people_of(ticket_id)]
    without = tuple((name, why) for name, why in reasons if why)
    return Reach(without, is_nobody=len(without) == len(reasons))


@built_once
def _people_of(ticket_id: int) -> QuerySet[Contact, Any]:
    ticket, informed = Ticket.objects.filter(pk=ticket_id), Participant.objects.filter(ticket=ticket_id)
    involved = Q(pk__in=ticket.values("requester")) | Q(pk__in=informed.values("contact"))
    reading_along = Q(client__in=ticket.values("client"), pk__in=reading_all().values("pk"))
    people = Contact.objects.filter(involved | reading_along).order_by("user__name", "pk")
    rows = people.annotate(
        has_unfollowed=Exists(Unfollowed.objects.filter(ticket=ticket_id, contact=OuterRef("pk"))),
        comes_back=Exists(SuppressedAddress.objects.filter(address=Lower(OuterRef("user__email")))),
    )
    return rows.values("user__name", "gets_ticket_mail", "has_unfollowed", "comes_back")


def _reason(row: Mapping[str, Any]) -> str:
    if not row["gets_ticket_mail"]:
        return "reads in the portal only"
    if row["has_unfollowed"]:
        return "unfollowed this ticket"
    return "cannot be reached: mail to the address comes back" if row["comes_back"] else ""
