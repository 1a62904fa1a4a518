"""What stands around the conversation on a ticket's page: the promise, chasing, extra work to approve, the rating."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from deskhand.allowances.estimates import Outlook, may_decide, outlook_of
from deskhand.allowances.models import Decision, Estimate
from deskhand.clients.models import Contact
from deskhand.core.built import built_once
from deskhand.portal.maintenance import time_used_on
from deskhand.portal.promises import promised_answer
from deskhand.sla.queries.promises import working_day_at
from deskhand.tickets.models import Rating, Ticket
from deskhand.tickets.queries.mail_choice import gets_mail_of
from deskhand.tickets.queries.ratings import rated_until


def boxes_around(ticket: Ticket, contact: Contact, *, is_unfollowed: bool, now: datetime) -> dict[str, Any]:
    """Return them by the names the templates know. `is_unfollowed`: the contact wants no mail about the ticket."""
    estimate = newest_estimate(ticket, contact)
    return {
        "promised": promised_answer(ticket, now=now),
        "time_used": time_used_on(ticket, contact),
        "chase": chase_state(ticket, now=now),
        "estimate": estimate,
        "outlook": outlook(estimate, now=now),
        "rating": rating_of(ticket, now=now),
        "mail": mail_state(ticket, contact, is_unfollowed=is_unfollowed),
    }


class MailState(StrEnum):
    """Whether messages of the ticket come to the contact by mail."""

    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    PORTAL_ONLY = "portal_only"


def mail_state(ticket: Ticket, contact: Contact, *, is_unfollowed: bool) -> MailState | None:
    """Return it; None for a colleague who reads along in the portal and is not in the conversation."""
    if not gets_mail_of(ticket, contact):
        return None
    if not contact.gets_ticket_mail:
        return MailState.PORTAL_ONLY
    return MailState.UNFOLLOWED if is_unfollowed else MailState.FOLLOWED


@dataclass(frozen=True)
class Chase:
    """Whether the contact may ask for an update now, and when somebody last did."""

    may_ask: bool
    asked_at: datetime | None


def chase_state(ticket: Ticket, *, now: datetime) -> Chase | None:
    """Return how the ticket may be chased; None while it is closed or it is the client's turn."""
    if ticket.is_closed or ticket.awaits_client:
        return None
    asked_at = ticket.chased_at
    may_ask = asked_at is None or working_day_at(asked_at) != working_day_at(now)
    return Chase(may_ask, asked_at)


def newest_estimate(ticket: Ticket, contact: Contact) -> Estimate | None:
    """Return the last extra work put before the client; None without one, and for who may not know of time."""
    if not may_decide(contact, ticket):
        return None
    return next(iter(_newest_asked(ticket.pk)), None)


@built_once
def _newest_asked(ticket_id: int) -> QuerySet[Estimate]:
    asked = Estimate.objects.filter(ticket=ticket_id).exclude(decision=Decision.WITHDRAWN)
    return asked.select_related("ticket", "asked_by", "decided_by__user").order_by("-id")[:1]


def outlook(estimate: Estimate | None, *, now: datetime) -> Outlook | None:
    """Return what a waiting estimate would leave of the allowance; None without one."""
    if estimate is None or estimate.decision != Decision.WAITING:
        return None
    return outlook_of(estimate, today=timezone.localdate(now))


@dataclass(frozen=True)
class RatingBox:
    """What was said of the last resolution, empty while nothing was; or a form as it came back, with its errors."""

    verdict: str = ""
    comment: str = ""
    verdict_errors: tuple[str, ...] = ()
    comment_errors: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something is to be looked at again."""
        return bool(self.verdict_errors or self.comment_errors)


def rating_of(ticket: Ticket, *, now: datetime) -> RatingBox | None:
    """Return what the box shows; None for an open ticket, once rating it is over, and where nobody is asked."""
    until = rated_until(ticket)
    if ticket.closed_at is None or until is None or now > until:
        return None
    rating = Rating.objects.filter(ticket=ticket, closed_at=ticket.closed_at).first()
    return RatingBox(rating.verdict, rating.comment) if rating else RatingBox()
