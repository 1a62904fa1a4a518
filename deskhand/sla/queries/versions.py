"""Current versions, and the terms that versions make."""

from datetime import date, datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.timezone import localdate

from deskhand.core.built import built_once
from deskhand.core.remembering import remembered
from deskhand.sla.clockwork import Terms
from deskhand.sla.models import BusinessHours, HoursVersion, Policy, PolicyVersion
from deskhand.sla.plans import running_plan_names
from deskhand.tickets.models import Ticket


def current_hours(hours_id: int) -> HoursVersion:
    """Return the newest version of business hours."""
    return remembered(("hours", hours_id), lambda: _newest_hours(hours_id)[0])


def default_hours() -> HoursVersion:
    """Return the newest version of the desk's own hours."""
    return _newest_default()[0]


@built_once
def _newest_default() -> QuerySet[HoursVersion]:
    return HoursVersion.objects.filter(hours__is_default=True).order_by("-number")[:1]


def default_business_hours() -> BusinessHours:
    """Return the desk's own hours."""
    return BusinessHours.objects.get(is_default=True)


def policy_for(ticket: Ticket, at: datetime) -> PolicyVersion:
    """Return the newest version of the first policy that fits the ticket, which need not be saved, at a moment."""
    policies = remembered("policies", _policies)
    running = partial(_running_plans, ticket.client_id, localdate(at))
    policy = next(one for one in policies if one.fits(ticket, running))
    return remembered(("policy", policy.pk), lambda: _newest_version(policy.pk)[0])


@built_once
def _newest_hours(hours_id: int) -> QuerySet[HoursVersion]:
    return HoursVersion.objects.filter(hours=hours_id).order_by("-number")[:1]


@built_once
def _policies() -> QuerySet[Policy]:
    return Policy.objects.in_order().with_conditions()


@built_once
def _newest_version(policy_id: int) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(policy=policy_id).order_by("-number")[:1]


def _running_plans(client_id: int | None, on: date) -> set[str]:
    """The names of the plans that a client has on a day."""
    if client_id is None:
        return set()
    return remembered(("plans", client_id, on), lambda: set(running_plan_names(client_id, on)))


def versions(policy_version_id: int, hours_version_id: int) -> tuple[PolicyVersion, HoursVersion]:
    """Return two versions by their ids. They never change."""
    policy_key, hours_key = ("policy version", policy_version_id), ("hours version", hours_version_id)
    return (
        remembered(policy_key, lambda: _policy_version(policy_version_id)[0]),
        remembered(hours_key, lambda: _hours_version(hours_version_id)[0]),
    )


@built_once
def _policy_version(version_id: int) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(pk=version_id)


@built_once
def _hours_version(version_id: int) -> QuerySet[HoursVersion]:
    return HoursVersion.objects.filter(pk=version_id)


def terms_of(policy: PolicyVersion, hours: HoursVersion) -> Terms:
    """Return the terms of two versions."""
    return Terms(policy.pk, hours.pk, policy.promised, remembered(("calendar", hours.pk), lambda: hours.calendar))
