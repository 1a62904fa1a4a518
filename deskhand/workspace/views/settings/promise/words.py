"""Promises in words, as the settings list them."""

from collections.abc import Mapping
from datetime import datetime

from deskhand.core.durations import MINUTES_PER_HOUR, duration
from deskhand.sla.models import BusinessHours, Policy
from deskhand.sla.models.policies import ANY_PLAN, METRICS
from deskhand.sla.queries.settings import week_of
from deskhand.sla.targets import Target, Unit
from deskhand.sla.week_words import week_words as sla_week_words
from deskhand.tickets.models import Kind, Priority, Source

METRIC_NAMES = dict(METRICS)


def amount_words(amount: int, unit: Unit) -> str:
    """Return "2 working days", "8 working hours" or "90 minutes, day and night"."""
    if unit is Unit.WORKING_DAYS:
        return f"{amount} working day{'' if amount == 1 else 's'}"
    hours, rest = divmod(amount, MINUTES_PER_HOUR)
    length = duration(amount) if rest else f"{hours} hour{'' if hours == 1 else 's'}"
    if unit is Unit.CALENDAR_MINUTES:
        return f"{length}, day and night"
    return length.replace(" hour", " working hour") if not rest else f"{length} of working time"


def target_words(target: Target) -> str:
    """Return "First response: 2 working days"."""
    return f"{METRIC_NAMES[target.metric.value]}: {amount_words(target.amount, target.unit)}"


def policy_conditions(policy: Policy, addresses: Mapping[int, str]) -> list[str]:
    """Return what a ticket must be for a policy, each condition in a few words; empty for every ticket.

    `addresses`: those of the mailboxes, by id.
    """
    labels = dict(Priority.choices)
    sources = dict(Source.choices)
    named = [
        [category.name for category in policy.categories.all()],
        [client.name for client in policy.clients.all()],
        [f"{labels[value]} priority" for value in policy.priorities],
        [f"from {sources[value]}" for value in policy.sources],
        [f"to {addresses[pk]}" for pk in policy.mailbox_ids if pk in addresses],
        [plan_words(name) for name in policy.plan_names],
    ]
    return [" or ".join(names) for names in named if names]


def plan_words(name: str) -> str:
    """Return what a condition on plans asks for."""
    return "any plan" if name == ANY_PLAN else f"the plan “{name}”"


def policy_targets(policy: Policy) -> list[tuple[str, str]]:
    """Return each promise of a policy, and in which kinds of status its clock runs."""
    order = [value for value, _ in METRICS]
    targets = sorted((row.target for row in policy.targets.all()), key=lambda target: order.index(target.metric.value))
    kinds = [(kind.value, kind.label) for kind in Kind]
    return [
        (target_words(target), "runs while " + ", ".join(label for kind, label in kinds if kind in target.kinds))
        for target in targets
    ]


def week_words(hours: BusinessHours) -> list[tuple[str, str]]:
    """Return the week, days with the same hours together: ("Monday to Friday", "09:00 to 17:30")."""
    return sla_week_words(week_of(hours))


def moment_words(moment: datetime) -> str:
    """Return a moment in its own zone: "Tue 24 Nov, 10:15"."""
    return f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M}"
