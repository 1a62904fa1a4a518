"""Saving, ordering and archiving policies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from deskhand.core.ordering import Direction, move
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.sla.actions.hours import locked_hours
from deskhand.sla.events import PolicyChanged
from deskhand.sla.models import Policy, PolicyVersion, Recalculation, TargetRow
from deskhand.sla.targets import Target
from deskhand.tickets.models import Kind, Priority, Source

NAME_LIMIT = 80


class PolicyNotValid(ValueError):
    """This policy cannot be used; the message says what to change."""


@dataclass(frozen=True)
class NewPolicy:
    """What a policy says. An empty condition fits every ticket; the default policy takes none."""

    name: str
    hours_id: int
    targets: Sequence[Target]
    category_ids: Sequence[int] = field(default_factory=tuple)
    client_ids: Sequence[int] = field(default_factory=tuple)
    priorities: Sequence[Priority] = field(default_factory=tuple)
    sources: Sequence[Source] = field(default_factory=tuple)
    mailbox_ids: Sequence[int] = field(default_factory=tuple)
    plan_names: Sequence[str] = field(default_factory=tuple)
    """Names of running plans; ANY_PLAN for whichever."""

    @property
    def has_conditions(self) -> bool:
        """Whether it fits some tickets only."""
        by_ticket = self.category_ids or self.priorities or self.sources or self.mailbox_ids
        return bool(by_ticket or self.client_ids or self.plan_names)


@transaction.atomic
def save_policy(*, new: NewPolicy, act: Act, policy_id: int | None = None, applies_to_open: bool = False) -> Policy:
    """Make a policy, tried before the default, or change that of `policy_id`. Raises PolicyNotValid.

    Tickets keep what they were promised; with `applies_to_open`, open ones are matched and counted anew.
    """
    policy = _locked(policy_id) if policy_id else Policy(position=_next_position())
    policy.name = one_line(new.name)
    _refuse_unusable(policy, new)
    policy.hours = locked_hours(new.hours_id)
    policy.priorities = sorted(int(priority) for priority in new.priorities)
    policy.sources = sorted(str(source) for source in new.sources)
    policy.mailbox_ids = sorted(new.mailbox_ids)
    policy.plan_names = sorted(new.plan_names)
    with unless_taken("policy_name_unique", PolicyNotValid(f"There is a policy named “{policy.name}” already.")):
        policy.save()
    policy.categories.set(new.category_ids)
    policy.clients.set(new.client_ids)
    policy.targets.all().delete()
    TargetRow.objects.bulk_create(TargetRow(policy=policy, **_values(target)) for target in new.targets)
    reason = "Policy changed" if policy_id else "Policy added"
    _record(policy, _version(policy, act=act), reason, applies_to_open=applies_to_open, act=act)
    return policy


@transaction.atomic
def archive_policy(*, policy_id: int, act: Act, applies_to_open: bool = False) -> None:
    """Put a policy away; tickets that have it keep it unless `applies_to_open`. Raises PolicyNotValid."""
    policy = _locked(policy_id)
    if policy.is_default:
        raise PolicyNotValid("The last policy is for every other ticket; it cannot be removed. Change it instead.")
    policy.archived_at = act.at
    policy.save(update_fields=["archived_at"])
    _record(policy, _newest(policy), "Policy removed", applies_to_open=applies_to_open, act=act)


@transaction.atomic
def move_policy(*, policy_id: int, direction: Direction, act: Act) -> None:
    """Try a policy one place earlier or later; the default stays last. At the end of the list nothing happens."""
    policy = move(Policy.objects.in_order().filter(is_default=False), policy_id, direction)
    if policy is not None:
        _record(policy, _newest(policy), "Policy moved", applies_to_open=False, act=act)


def _locked(policy_id: int) -> Policy:
    return Policy.objects.select_for_update().get(pk=policy_id, archived_at=None)


def _next_position() -> int:
    last = Policy.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _refuse_unusable(policy: Policy, new: NewPolicy) -> None:
    if not 0 < len(policy.name) <= NAME_LIMIT:
        raise PolicyNotValid(f"Give the policy a name of at most {NAME_LIMIT} characters.")
    if policy.is_default and new.has_conditions:
        raise PolicyNotValid("The last policy is for every other ticket and takes no conditions.")
    metrics = [target.metric for target in new.targets]
    if len(metrics) != len(set(metrics)):
        raise PolicyNotValid("Promise one time for each kind of clock.")
    for target in new.targets:
        unknown = target.kinds - (set(Kind.values) - {Kind.CLOSED})
        if unknown:
            raise PolicyNotValid("Choose among open, pending, snoozed and spam; no clock runs once a ticket is closed.")


def _values(target: Target) -> dict[str, Any]:
    return {
        "metric": target.metric.value,
        "amount": target.amount,
        "unit": target.unit.value,
        "kinds": sorted(target.kinds),
        "warn_minutes": target.warn_minutes,
    }


def _newest(policy: Policy) -> PolicyVersion:
    return policy.versions.order_by("-number")[0]


def _version(policy: Policy, *, act: Act) -> PolicyVersion:
    """Return the version of what the policy says now, a new one if that differs from the newest."""
    newest = policy.versions.order_by("-number").first()
    targets = [_values(row.target) for row in policy.targets.order_by("id")]
    if newest and (newest.name, newest.hours_id, newest.targets) == (policy.name, policy.hours_id, targets):
        return newest
    number = newest.number + 1 if newest else 1
    return PolicyVersion.objects.create(
        policy=policy, number=number, name=policy.name, hours=policy.hours, targets=targets, made_at=act.at
    )


def _record(policy: Policy, version: PolicyVersion, reason: str, *, applies_to_open: bool, act: Act) -> None:
    recalculation = None
    if applies_to_open:
        words = f"{reason}: {policy.name}"
        recalculation = Recalculation.objects.create(reason=words, made_at=act.at, made_by_id=act.actor_id)
    fact = PolicyChanged(
        subject_id=policy.pk,
        name=policy.name,
        reason=reason,
        version=version.number,
        recalculation_id=recalculation.pk if recalculation else None,
    )
    record(fact, act=act)
