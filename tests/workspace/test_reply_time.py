"""Clocks in the list and beside a ticket, and the views of what presses."""

from datetime import date, timedelta

import pytest

from deskhand.accounts.models import Agent
from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.sla.models import Clock
from deskhand.tickets.actions.properties import set_due
from deskhand.tickets.models import Kind, Status, Ticket
from deskhand.tickets.queries.inbox import ListPage, list_tickets
from deskhand.tickets.queries.views import View, count_views
from deskhand.workspace.attention import conditions_for
from tests.cast import NOON, Cast, act_by
from tests.workspace.browsing import browser_of, get, post
from tests.workspace.counting import queries_of

LATE = {"started_at": NOON - timedelta(days=1), "due_at": NOON - timedelta(minutes=5)}


def found(agent: Agent, view: View) -> ListPage:
    return list_tickets(agent, view=view, conditions=conditions_for(agent, NOON))


def numbers(agent: Agent, view: View) -> list[int]:
    return [row.number for row in found(agent, view).rows]


def clock_of(ticket: Ticket) -> Clock:
    return Clock.objects.unstopped().get(ticket=ticket)


def use_up(cast: Cast, ticket: Ticket, *, minutes: int = 60) -> None:
    today = NOON.date()
    terms = NewPlan(name="Care", minutes_per_month=60, starts_on=today.replace(day=1))
    start_plan(client=cast.acme, new=terms, today=today, act=act_by(cast.ada.user))
    work = NewTime(work_on=today, actual_minutes=minutes, description="Work")
    log_time(ticket_id=ticket.pk, agent=cast.ben, new=work, today=today, act=act_by(cast.ben.user))


def test_counts_down_in_the_row_and_names_what_it_counts_to(cast: Cast) -> None:
    ticket = cast.ticket()
    page = get(cast.ben, "inbox").content.decode()
    clock = clock_of(ticket)
    assert f'title="{clock.get_metric_display()} due' in page
    assert 'data-ticker="left"' in page


def test_says_why_a_clock_is_paused(cast: Cast) -> None:
    ticket = cast.ticket()
    pending = Status.objects.filter(kind=Kind.PENDING)[0]
    post(cast.ben, f"tickets/{ticket.number}/status", {"status": pending.pk})
    Clock.objects.filter(ticket=ticket).update(paused_at=NOON)
    assert "paused while the client is awaited" in get(cast.ben, "inbox").content.decode()
    assert "paused while the client is awaited" in get(cast.ben, f"tickets/{ticket.number}/details").content.decode()


def test_shows_a_kept_promise_beside_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.staff_reply(ticket)
    details = get(cast.ben, f"tickets/{ticket.number}/details").content.decode()
    assert "Reply time" in details
    assert "Kept" in details
    assert ">2 days<" in details


def test_lists_and_counts_tickets_whose_promise_is_at_risk(cast: Cast) -> None:
    safe, late = cast.ticket("Safe"), cast.ticket("Late")
    Clock.objects.filter(ticket=late).update(**LATE)
    assert numbers(cast.ben, View.AT_RISK) == [late.number]
    assert safe.number not in numbers(cast.ben, View.AT_RISK)
    assert count_views(cast.ben, conditions=conditions_for(cast.ben, NOON)).of(View.AT_RISK) == "1"
    assert numbers(cast.kit, View.AT_RISK) == []


def test_lists_what_is_due_until_sunday(cast: Cast) -> None:
    sunday, monday = cast.ticket("Sunday"), cast.ticket("Monday")
    set_due(ticket_id=sunday.pk, due_on=date(2026, 11, 22), act=act_by(cast.ben.user))
    set_due(ticket_id=monday.pk, due_on=date(2026, 11, 23), act=act_by(cast.ben.user))
    assert numbers(cast.ben, View.DUE) == [sunday.number]


def test_lists_the_tickets_of_clients_over_their_allowance(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.opened_by(cast.eve)
    use_up(cast, ticket)
    assert numbers(cast.ada, View.OVER) == [ticket.number]
    assert other.number not in numbers(cast.ada, View.OVER)


def test_leaves_out_clients_just_below_their_allowance(cast: Cast) -> None:
    use_up(cast, cast.ticket(), minutes=55)
    assert numbers(cast.ada, View.OVER) == []


def test_keeps_allowances_from_roles_that_may_not_see_them(cast: Cast) -> None:
    use_up(cast, cast.ticket())
    assert numbers(cast.kit, View.OVER) == []
    assert "Over allowance" not in get(cast.kit, "inbox").content.decode()


@pytest.mark.parametrize("view", ["inbox", "at-risk", "due", "over"])
def test_costs_as_many_queries_for_fifty_rows_as_for_one(cast: Cast, view: str) -> None:
    browser = browser_of(cast.ada)
    use_up(cast, cast.ticket())
    browser.get("/workspace/inbox")
    Clock.objects.update(**LATE)
    one = queries_of(browser, f"/workspace/inbox?view={view}")
    for number in range(49):
        cast.ticket(f"Ticket {number}")
    many = queries_of(browser, f"/workspace/inbox?view={view}")
    assert many == one
    assert many <= (12 if view == "inbox" else 14)
