"""From the ledger's rows to a settlement: one query for any number of plans."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from deskhand.allowances.ledger import Adjustment, Settlement, TopUp, Work, settle
from deskhand.allowances.models import Entry, EntryKind, Plan

FACTS = [EntryKind.GRANT, EntryKind.USE, EntryKind.ADJUSTMENT, EntryKind.TOP_UP]


def settled(plans: Iterable[Plan], *, until: date) -> dict[int, Settlement]:
    """Return the settlement of each plan by its id, up to the month of `until`. One query."""
    plans = list(plans)
    rows: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(plan__in=plans, kind__in=FACTS).order_by("id"):
        rows[entry.plan_id].append(entry)
    return {plan.pk: _settle(plan, rows[plan.pk], until) for plan in plans}


def _settle(plan: Plan, entries: list[Entry], until: date) -> Settlement:
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


def _work(entries: list[Entry]) -> list[Work]:
    """Return each time entry's work: uses and the corrections that cancel them, added up by date."""
    minutes: dict[tuple[int, date], int] = defaultdict(int)
    for entry in entries:
        if entry.kind == EntryKind.USE and entry.time_entry_id is not None:
            minutes[entry.time_entry_id, entry.on] -= entry.minutes
    return [Work(key, on, total) for (key, on), total in minutes.items() if total]
