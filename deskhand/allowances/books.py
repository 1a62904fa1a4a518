"""From the ledger's rows to a settlement: one query for any number of plans."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from deskhand.allowances.ledger import Adjustment, Settlement, TopUp, Work, settle
from deskhand.allowances.models import Entry, EntryKind, Plan, PlanQuerySet

FACTS = [EntryKind.GRANT, EntryKind.USE, EntryKind.ADJUSTMENT, EntryKind.TOP_UP]
_FIELDS = ("kind", "minutes", "on", "expires_on", "time_entry_id")
EVERY = Q()


@dataclass(frozen=True)
class _Row:
    """What the arithmetic needs of an entry."""

    kind: str
    minutes: int
    on: date
    expires_on: date | None
    time_entry_id: int | None

    @classmethod
    def parse(cls, fields: dict[str, Any]) -> Self:
        """Return a row as JSON has it."""
        expires = fields["expires_on"]
        days = {"on": date.fromisoformat(fields["on"]), "expires_on": expires and date.fromisoformat(expires)}
        return cls(**fields | days)


def settled(plans: Iterable[Plan], *, until: date) -> dict[int, Settlement]:
    """Return the settlement of each plan by its id, up to the month of `until`. One query."""
    plans = list(plans)
    rows: dict[int, list[_Row]] = defaultdict(list)
    for plan_id, *fields in (
        Entry.objects.filter(plan__in=plans, kind__in=FACTS).order_by("id").values_list("plan_id", *_FIELDS)
    ):
        rows[plan_id].append(_Row(*fields))
    return {plan.pk: _settle(plan, rows[plan.pk], until) for plan in plans}


def with_facts(plans: PlanQuerySet, entries: Q = EVERY) -> PlanQuerySet:
    """Read plans together with what their settlements are made of, for `settle_each`.

    `entries` leaves out what cannot matter to the months that are asked for.
    """
    facts = Entry.objects.filter(entries, plan=OuterRef("pk"), kind__in=FACTS).order_by("id")
    rows = ArraySubquery(facts.values(fields=JSONObject(**{name: name for name in _FIELDS})))
    return plans.annotate(rows=rows)


def settle_each(plans: Iterable[Plan], *, until: date) -> Iterator[tuple[Plan, Settlement]]:
    """Return plans that were read `with_facts`, and their settlements. No query but that of the plans."""
    for plan in plans:
        yield plan, _settle(plan, [_Row.parse(fields) for fields in vars(plan)["rows"]], until)


def _settle(plan: Plan, entries: list[_Row], until: date) -> Settlement:
    return settle(
        plan.terms,
        until=max([until, *(entry.on for entry in entries)]),
        grants={entry.on: entry.minutes for entry in entries if entry.kind == EntryKind.GRANT},
        work=_work(entries),
        adjustments=[Adjustment(entry.on, entry.minutes) for entry in entries if entry.kind == EntryKind.ADJUSTMENT],
        top_ups=[
            TopUp(entry.on, entry.minutes, entry.expires_on) for entry in entries if entry.kind == EntryKind.TOP_UP
        ],
    )


def _work(entries: list[_Row]) -> list[Work]:
    """Return each time entry's work: uses and the corrections that cancel them, added up by date."""
    minutes: dict[tuple[int, date], int] = defaultdict(int)
    for entry in entries:
        if entry.kind == EntryKind.USE and entry.time_entry_id is not None:
            minutes[entry.time_entry_id, entry.on] -= entry.minutes
    return [Work(key, on, total) for (key, on), total in minutes.items() if total]
