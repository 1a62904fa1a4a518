"""Current versions, and the terms that versions make."""

from datetime import date, datetime

from django.utils.timezone import localdate

from deskhand.core.remembering import remembered
from deskhand.sla.clockwork import Terms
from deskhand.sla.models import BusinessHours, HoursVersion, Policy, PolicyVersion
from deskhand.tickets.models import Ticket


def current_hours(hours_id: int) -> HoursVersion:
    """Return the newest version of business hours."""
    return remembered(("hours", hours_id), lambda: HoursVersion.objects.filter(hours=hours_id).order_by("-number")[0])


def default_hours() -> HoursVersion:
    """Return the newest version of the desk's own hours."""
    return HoursVersion.objects.filter(hours__is_default=True).order_by("-number")[0]


def default_business_hours() -> BusinessHours:
    """Return the desk's own hours."""
    return BusinessHours.objects.get(is_default=True)


def policy_for(ticket: Ticket, at: datetime) -> PolicyVersion:
    """Return the newest version of the first policy that fits the ticket, which need not be saved, at a moment."""
    on = localdate(at)
    key = ("policy", ticket.category_id, ticket.client_id, ticket.priority, ticket.source, ticket.mailbox_id, on)
    return remembered(key, lambda: _policy_for(ticket, on))


def _policy_for(ticket: Ticket, on: date) -> PolicyVersion:
    first = Policy.objects.matching(ticket, on).values("pk")[:1]
    return PolicyVersion.objects.filter(policy=first).order_by("-number")[0]


def terms_of(policy: PolicyVersion, hours: HoursVersion) -> Terms:
    """Return the terms of two versions."""
    return Terms(policy.pk, hours.pk, policy.promised, remembered(("calendar", hours.pk), lambda: hours.calendar))
