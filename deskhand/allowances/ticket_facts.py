"""What a query of tickets can tell of time as well: by which rules work is charged, what the client was asked last."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from deskhand.allowances.charging import Charging
from deskhand.allowances.models import AllowanceSettings, Decision, Estimate


@dataclass(frozen=True)
class Asked:
    """Extra work put before the client."""

    id: int
    minutes: int
    description: str
    decision: Decision
    decided_by: str
    """Who of the client decided; empty while it waits."""


def last_estimate() -> Subquery:
    """Return the last estimate of a row of tickets, for `asked_of`."""
    estimates = Estimate.objects.filter(ticket=OuterRef("pk")).order_by("-id")
    fields = {name: name for name in ("id", "minutes", "description", "decision")}
    return Subquery(estimates.values(asked=JSONObject(**fields, decided_by="decided_by__user__name"))[:1])


def asked_of(fields: dict[str, Any] | None) -> Asked | None:
    """Return what `last_estimate` found."""
    if fields is None:
        return None
    return Asked(**fields | {"decision": Decision(fields["decision"]), "decided_by": fields["decided_by"] or ""})


def charging_rules() -> Subquery:
    """Return the rules that charge work on a row of tickets, for `rules_of`."""
    free = AllowanceSettings.objects.filter(free_categories=OuterRef(OuterRef("category")))
    fields = {name: name for name in ("rounding_minutes", "minimum_minutes")}
    return Subquery(AllowanceSettings.objects.filter(pk=1).values(rules=JSONObject(**fields, is_free=Exists(free))))


def rules_of(fields: dict[str, Any]) -> Charging:
    """Return what `charging_rules` found."""
    return Charging(**fields)
