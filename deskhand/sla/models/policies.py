"""Policies: which tickets they are for, and what they promise, in versions."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from deskhand.clients.models import Client
from deskhand.sla.models.hours import BusinessHours
from deskhand.sla.targets import MOST_DAYS, MOST_MINUTES, Metric, Target, Unit
from deskhand.tickets.models import Category, Ticket

METRICS = [
    (Metric.FIRST_RESPONSE.value, "First response"),
    (Metric.NEXT_RESPONSE.value, "Next response"),
    (Metric.UPDATE.value, "Update"),
    (Metric.RESOLUTION.value, "Resolution"),
]
UNITS = [
    (Unit.WORKING_DAYS.value, "Working days"),
    (Unit.WORKING_MINUTES.value, "Working hours"),
    (Unit.CALENDAR_MINUTES.value, "Calendar hours"),
]
_METRIC_VALUES = [value for value, _ in METRICS]
_UNIT_VALUES = [value for value, _ in UNITS]


ANY_PLAN = ""
"""No plan is called so: it stands for every one."""


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Chainable filters over policies."""

    def in_order(self) -> Self:
        """Sort as they are tried: the admin's order, the default last."""
        return self.filter(archived_at=None).order_by("is_default", "position", "id")

    def with_conditions(self) -> Self:
        """Load what `fits` asks for with each policy."""
        return self.annotate(category_ids=_ids_of("categories"), client_ids=_ids_of("clients"))


def _ids_of(relation: str) -> ArrayAgg:
    return ArrayAgg(relation, filter=Q(**{f"{relation}__isnull": False}), distinct=True, default=[])


class Policy(models.Model):
    """A rule: which tickets it is for (an empty condition fits all) and in which hours it counts."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    hours = models.ForeignKey(BusinessHours, models.PROTECT, related_name="policies")
    categories: "models.ManyToManyField[Category, Any]" = models.ManyToManyField(Category, related_name="+", blank=True)
    clients: "models.ManyToManyField[Client, Any]" = models.ManyToManyField(Client, related_name="+", blank=True)
    priorities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    sources = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    mailbox_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Those of the mail app, which is a layer above."""
    plan_names = ArrayField(models.CharField(max_length=80, blank=True), default=list, blank=True)
    """Names of plans that the client may have, ANY_PLAN for whichever."""
    is_default = models.BooleanField(default=False)
    """The one for everything no other policy is for."""
    archived_at = models.DateTimeField(null=True)

    objects: ClassVar[PolicyQuerySet] = PolicyQuerySet.as_manager()  # type: ignore[assignment]

    category_ids: Sequence[int]
    client_ids: Sequence[int]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(archived_at=None), name="policy_name_unique"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="policy_default_once"),
            models.CheckConstraint(condition=~Q(name=""), name="policy_name_given"),
            models.CheckConstraint(
                condition=Q(is_default=False)
                | Q(archived_at=None, priorities=[], sources=[], mailbox_ids=[], plan_names=[]),
                name="policy_default_fits_all",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def fits(self, ticket: Ticket, running_plans: Callable[[], Collection[str]]) -> bool:
        """Return whether this policy, loaded `with_conditions`, is for the ticket. The default is for every one.

        `running_plans` names the client's plans; it is called only where the policy asks for plans.
        """
        conditions: list[tuple[Collection[object], object]] = [
            (self.category_ids, ticket.category_id),
            (self.client_ids, ticket.client_id),
            (self.priorities, ticket.priority),
            (self.sources, ticket.source),
            (self.mailbox_ids, ticket.mailbox_id),
        ]
        if any(wanted and value not in wanted for wanted, value in conditions):
            return False
        return not self.plan_names or self._fits_plans(running_plans())

    def _fits_plans(self, running: Collection[str]) -> bool:
        return any(ANY_PLAN in self.plan_names or name in self.plan_names for name in running)


class TargetRow(models.Model):
    """What a policy promises for one metric, as it is edited now."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=16, choices=METRICS)
    amount = models.PositiveIntegerField()
    """Days or minutes, as `unit` says."""
    unit = models.CharField(max_length=16, choices=UNITS)
    kinds = ArrayField(models.CharField(max_length=8))
    """The status kinds in which the clock runs."""
    warn_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "metric"], name="target_metric_once"),
            models.CheckConstraint(condition=Q(metric__in=_METRIC_VALUES), name="target_metric_known"),
            models.CheckConstraint(condition=Q(unit__in=_UNIT_VALUES), name="target_unit_known"),
            models.CheckConstraint(condition=~Q(kinds=[]), name="target_runs_sometime"),
            models.CheckConstraint(
                condition=Q(amount__gte=1)
                & (Q(amount__lte=MOST_DAYS) | (~Q(unit=Unit.WORKING_DAYS.value) & Q(amount__lte=MOST_MINUTES))),
                name="target_amount_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.policy_id}"

    @property
    def target(self) -> Target:
        """The target as the arithmetic takes it."""
        return Target(Metric(self.metric), self.amount, Unit(self.unit), frozenset(self.kinds), self.warn_minutes)


class PolicyVersion(models.Model):
    """What a policy said at one time. Never changed: tickets keep the version they were promised."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    hours = models.ForeignKey(BusinessHours, models.PROTECT, related_name="+")
    targets = models.JSONField()
    """A list of {metric, amount, unit, kinds, warn_minutes}."""
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.policy_id}"

    @property
    def promised(self) -> dict[Metric, Target]:
        """The targets by metric."""
        targets = (
            Target(
                Metric(row["metric"]), row["amount"], Unit(row["unit"]), frozenset(row["kinds"]), row["warn_minutes"]
            )
            for row in self.targets
        )
        return {target.metric: target for target in targets}
