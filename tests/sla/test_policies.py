from dataclasses import replace
from datetime import date

import pytest

from deskhand.allowances.actions.plans import NewPlan, end_plan, start_plan
from deskhand.core.ordering import Direction
from deskhand.events.models import Event
from deskhand.sla.actions.policies import NewPolicy, PolicyNotValid, archive_policy, move_policy, save_policy
from deskhand.sla.models import Policy, PolicyVersion, TicketPolicy
from deskhand.sla.models.policies import ANY_PLAN
from deskhand.sla.queries.settings import all_policies, recalculation_log
from deskhand.sla.queries.versions import policy_for
from deskhand.tickets.actions.properties import set_category, set_priority
from deskhand.tickets.models import Category, Priority, Source, Ticket
from tests.cast import NOON, Cast, act_by
from tests.sla.promises import FIRST, NEXT, at, clocks, first_response, kinds, office, promise, run_recalculation

ONE_DAY = replace(FIRST, amount=1)


def policy_name(ticket: Ticket) -> str:
    return TicketPolicy.objects.get(pk=ticket.pk).policy_version.name


def save(cast: Cast, name: str, **conditions: object) -> Policy:
    new = replace(NewPolicy(name, office().pk, [ONE_DAY]), **conditions)  # type: ignore[arg-type]  # any field
    return save_policy(new=new, act=act_by(cast.ada.user))


def test_the_first_policy_that_fits_wins(cast: Cast) -> None:
    bug = Category.objects.get(slug="bug")
    save(cast, "Bugs of Acme", category_ids=[bug.pk], client_ids=[cast.acme.pk])
    save(cast, "Portal", sources=[Source.PORTAL])
    acme = save(cast, "Acme", client_ids=[cast.acme.pk])
    assert policy_name(cast.ticket()) == "Portal"
    for _ in range(3):
        move_policy(policy_id=acme.pk, direction=Direction.UP, act=act_by(cast.ada.user))
    assert Event.objects.filter(kind="sla.policy_changed", subject_id=acme.pk).count() == 3
    assert policy_name(cast.ticket()) == "Acme"
    assert policy_name(cast.opened_by(cast.eve)) == "Portal"
    assert [policy.name for policy in all_policies()] == ["Acme", "Bugs of Acme", "Portal", "Everything"]


def test_several_values_of_a_condition_fit_each_once(cast: Cast) -> None:
    ids = list(Category.objects.values_list("pk", flat=True))
    save(cast, "All", category_ids=ids, client_ids=[cast.acme.pk, cast.other.pk], priorities=list(Priority))
    ticket = Ticket(category_id=ids[0], client=cast.acme, priority=Priority.LOW, source=Source.EMAIL)
    policies = Policy.objects.in_order().with_conditions()
    assert [(one.name, one.fits(ticket, set)) for one in policies] == [("All", True), ("Everything", True)]
    assert policy_name(cast.ticket()) == "Everything"


def test_a_policy_may_be_for_what_is_written_to_some_mailboxes(cast: Cast) -> None:
    save(cast, "Shop", mailbox_ids=[7, 9])

    def chosen(mailbox_id: int | None) -> str:
        ticket = Ticket(client=cast.acme, priority=Priority.LOW, source=Source.EMAIL, mailbox_id=mailbox_id)
        return policy_for(ticket, NOON).name

    assert [chosen(pk) for pk in (7, 9, 8, None)] == ["Shop", "Shop", "Everything", "Everything"]


def test_a_policy_may_be_for_clients_whose_plan_runs(cast: Cast) -> None:
    gold = NewPlan("Gold", minutes_per_month=60, starts_on=date(2026, 11, 1))
    plan = start_plan(client=cast.acme, new=gold, today=NOON.date(), act=act_by(cast.ada.user))
    end_plan(plan_id=plan.pk, ends_on=date(2026, 11, 30), act=act_by(cast.ada.user))
    save(cast, "Silver", plan_names=["Silver"])
    named = save(cast, "Gold", plan_names=["Silver", "Gold"])
    save(cast, "Any", plan_names=[ANY_PLAN])
    assert policy_name(cast.ticket()) == "Gold"
    assert policy_name(cast.opened_by(cast.eve)) == "Everything"
    archive_policy(policy_id=named.pk, act=act_by(cast.ada.user))
    assert policy_name(cast.ticket("Second")) == "Any"
    third, last_day, day_after = cast.ticket("Third"), at("Mon 2026-11-30 23:59"), at("Tue 2026-12-01 00:00")
    assert [policy_for(third, last_day).name, policy_for(third, day_after).name] == ["Any", "Everything"]


def test_a_new_priority_chooses_another_policy_from_the_same_start(cast: Cast) -> None:
    save(cast, "Urgent", priorities=[Priority.URGENT])
    ticket = cast.ticket()
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, act=act_by(cast.ben.user))
    assert policy_name(ticket) == "Urgent"
    assert first_response(ticket).due_at == at("Thu 2026-11-19 17:30")
    assert kinds(ticket) == ["sla.policy_applied"] * 2
    set_priority(ticket_id=ticket.pk, priority=Priority.HIGH, act=act_by(cast.ben.user))
    assert first_response(ticket).due_at == at("Fri 2026-11-20 17:30")


def test_a_new_category_chooses_another_policy(cast: Cast) -> None:
    bug = Category.objects.get(slug="bug")
    save(cast, "Bugs", category_ids=[bug.pk])
    ticket = cast.ticket()
    set_category(ticket_id=ticket.pk, category=bug, act=act_by(cast.ben.user))
    assert policy_name(ticket) == "Bugs"


def test_tickets_keep_what_they_were_promised(cast: Cast) -> None:
    ticket = cast.ticket()
    promise(ONE_DAY)
    set_priority(ticket_id=ticket.pk, priority=Priority.HIGH, act=act_by(cast.ben.user))
    assert first_response(ticket).amount == 2
    assert first_response(cast.ticket("Second")).amount == 1


def test_open_tickets_follow_when_asked_to(cast: Cast) -> None:
    ticket = cast.ticket()
    policy = Policy.objects.get(is_default=True)
    new = NewPolicy(policy.name, policy.hours_id, [ONE_DAY, NEXT])
    save_policy(policy_id=policy.pk, new=new, applies_to_open=True, act=act_by(cast.ada.user))
    run_recalculation()
    assert first_response(ticket).due_at == at("Thu 2026-11-19 17:30")
    assert recalculation_log()[0].reason == "Policy changed: Everything"
    assert recalculation_log()[0].moved_count == 1
    assert set(clocks(ticket)) == {"first_response"}


def test_an_archived_policy_fits_nothing_more(cast: Cast) -> None:
    policy = save(cast, "Acme", client_ids=[cast.acme.pk])
    kept = cast.ticket()
    archive_policy(policy_id=policy.pk, act=act_by(cast.ada.user))
    assert policy_name(kept) == "Acme"
    assert policy_name(cast.ticket("Second")) == "Everything"
    save(cast, "Acme")


def test_only_what_is_promised_makes_a_version(cast: Cast) -> None:
    policy = save(cast, "Acme")
    new = NewPolicy("Acme", office().pk, [ONE_DAY], client_ids=[cast.acme.pk])
    save_policy(policy_id=policy.pk, new=new, act=act_by(cast.ada.user))
    assert PolicyVersion.objects.filter(policy=policy).count() == 1
    assert Event.objects.filter(kind="sla.policy_changed", subject_id=policy.pk).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Give the policy a name"),
        ({"name": "everything"}, "named “everything” already"),
        ({"targets": [FIRST, ONE_DAY]}, "one time for each"),
        ({"targets": [replace(FIRST, kinds=frozenset({"open", "closed"}))]}, "once a ticket is closed"),
        ({"targets": [replace(FIRST, kinds=frozenset({"brand new"}))]}, "Choose among"),
    ],
)
def test_refuses_policies_that_cannot_be_kept(cast: Cast, changes: dict[str, object], words: str) -> None:
    with pytest.raises(PolicyNotValid, match=words):
        save(cast, **{"name": "Acme", **changes})  # type: ignore[arg-type]  # any field


def test_the_last_policy_stays_and_fits_everything(cast: Cast) -> None:
    policy, act = Policy.objects.get(is_default=True), act_by(cast.ada.user)
    with pytest.raises(PolicyNotValid, match="cannot be removed"):
        archive_policy(policy_id=policy.pk, act=act)
    new = NewPolicy("Everything", policy.hours_id, [FIRST], sources=[Source.EMAIL])
    with pytest.raises(PolicyNotValid, match="takes no conditions"):
        save_policy(policy_id=policy.pk, new=new, act=act)
