"""Logging time from a ticket, with the message or alone, and asking for more."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.allowances.models import Decision, Estimate, MonthLock, Overage, Plan, TimeEntry
from deskhand.tickets.models import Draft, Message, Ticket
from deskhand.tickets.models.team import TeamMessage
from tests.cast import Cast, act_by
from tests.workspace.browsing import browser_of, get, post

KEY = "a" * 32


def today() -> date:
    return timezone.localdate()


def fields(**more: str) -> dict[str, str]:
    """Return a composer's form with twenty minutes."""
    given = {"actual": "0h 20m", "work_on": today().isoformat(), "description": "Found the cause", **more}
    return {f"time-{name}": value for name, value in given.items()}


def start(cast: Cast, *, minutes: int = 60, overage: Overage = Overage.ALLOWED) -> Plan:
    terms = NewPlan(name="Care", minutes_per_month=minutes, starts_on=today().replace(day=1), overage=overage)
    return start_plan(client=cast.acme, new=terms, today=today(), act=act_by(cast.ada.user))


def log_alone(cast: Cast, ticket: Ticket, *, part: bool = True, **more: Any) -> Any:
    return post(cast.ben, f"tickets/{ticket.number}/time", {**fields(**more), "panel": "reply"}, part=part)


def test_logs_time_together_with_the_message(cast: Cast) -> None:
    ticket, plan = cast.ticket(), start(cast)
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "Done.", "idempotency_key": KEY, **fields()})
    entry = TimeEntry.objects.get()
    assert (entry.actual_minutes, entry.plan_id, entry.author_id) == (20, plan.pk, cast.ben.user_id)
    assert ticket.messages.filter(text="Done.").exists()


def test_logs_time_together_with_a_message_to_the_team(cast: Cast) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/team-messages", {"text": "Done.", "idempotency_key": KEY, **fields()})
    assert TimeEntry.objects.count() == TeamMessage.objects.count() == 1


def test_sends_without_time_where_none_was_entered(cast: Cast) -> None:
    ticket = cast.ticket()
    sent = {"text": "Done.", "idempotency_key": KEY, **fields(actual="", description="")}
    post(cast.ben, f"tickets/{ticket.number}/messages", sent)
    assert ticket.messages.filter(text="Done.").exists()
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize("part", [True, False])
def test_sends_nothing_when_the_time_cannot_be_logged_and_keeps_both(cast: Cast, *, part: bool) -> None:
    ticket = cast.ticket()
    sent = {"text": "Half an answer", "idempotency_key": KEY, **fields(description="")}
    answer = post(cast.ben, f"tickets/{ticket.number}/messages", sent, part=part)
    assert answer.status_code == 422
    assert "Say in a few words what was done." in answer.content.decode()
    assert not Message.objects.filter(text="Half an answer").exists()
    if not part:
        assert "Half an answer" in answer.content.decode()
        assert 'value="0h 20m"' in answer.content.decode()


def test_logs_time_alone_and_leaves_the_message(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = log_alone(cast, ticket)
    assert answer.status_code == 200
    assert "20m logged." in answer.content.decode()
    assert "Found the cause" in answer.content.decode()
    assert ticket.messages.count() == 1


def keep(cast: Cast, ticket: Ticket, **sent: Any) -> None:
    path = f"/drafts/{ticket.number}/client"
    assert browser_of(cast.ben).post(path, sent, content_type="application/json").json() == {"saved": True}


def test_keeps_time_in_the_draft_until_it_is_sent(cast: Cast) -> None:
    ticket, yesterday = cast.ticket(), (today() - timedelta(days=1)).isoformat()
    keep(cast, ticket, text="Half an answer", revision=1, **fields(work_on=yesterday))
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    for value in ("0h 20m", yesterday, "Found the cause"):
        assert page.count(f'value="{value}"') == 1
    post(cast.ben, f"tickets/{ticket.number}/messages", {"text": "An answer", "idempotency_key": KEY, **fields()})
    page = get(cast.ben, f"tickets/{ticket.number}").content.decode()
    assert 'value="0h 20m"' not in page
    assert Draft.objects.get().content == {}


def test_time_logged_alone_leaves_the_draft_and_its_text_stays(cast: Cast) -> None:
    ticket = cast.ticket()
    keep(cast, ticket, text="Half an answer", revision=1, **fields())
    sent = {**fields(), "panel": "reply", "draft_revision": "5"}
    assert post(cast.ben, f"tickets/{ticket.number}/time", sent, part=True).status_code == 200
    assert Draft.objects.get().content == {"text": "Half an answer"}
    late = browser_of(cast.ben).post(
        f"/drafts/{ticket.number}/client", {"revision": 4, **fields()}, content_type="application/json"
    )
    assert late.json() == {"saved": False}


def test_a_day_alone_is_no_draft(cast: Cast) -> None:
    ticket = cast.ticket()
    keep(cast, ticket, revision=1, **fields(actual="", description=""))
    assert Draft.objects.get().content == {}


def test_a_draft_that_holds_no_text_for_time_still_shows_its_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    keep(cast, ticket, revision=1, **{"time-actual": ["1"], "time-description": ["a", "b"]})
    assert get(cast.ben, f"tickets/{ticket.number}").status_code == 200


def test_logs_the_same_form_once(cast: Cast) -> None:
    ticket = cast.ticket()
    for _ in range(2):
        log_alone(cast, ticket, key=KEY, part=False)
    assert TimeEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"actual": "0"}, "Enter more than nothing"),
        ({"actual": "-20"}, "Enter more than nothing"),
        ({"actual": "soon"}, "Enter a time such as"),
        ({"actual": ""}, "Enter the time worked"),
        ({"work_on": "2126-01-01"}, "in the future"),
        ({"work_on": "yesterday"}, "Enter a date"),
        ({"charged": "0"}, "Say why you charge"),
    ],
)
def test_says_what_to_mend_and_keeps_what_was_typed(cast: Cast, typed: dict[str, Any], words: str) -> None:
    answer = log_alone(cast, cast.ticket(), **typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Found the cause" in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_refuses_a_locked_month(cast: Cast) -> None:
    ticket, plan = cast.ticket(), start(cast)
    MonthLock.objects.create(plan=plan, month=plan.starts_on, locked_at=timezone.now())
    answer = log_alone(cast, ticket)
    assert answer.status_code == 422
    assert "is locked" in answer.content.decode()


@pytest.mark.parametrize(
    ("overage", "words"),
    [(Overage.STOP, "allows no more work"), (Overage.NEEDS_APPROVAL, "Ask the client to approve")],
)
def test_refuses_work_over_the_edge_where_the_plan_says_so(cast: Cast, overage: Overage, words: str) -> None:
    ticket = cast.ticket()
    start(cast, overage=overage)
    answer = log_alone(cast, ticket, actual="90")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_charges_otherwise_with_a_reason(cast: Cast) -> None:
    log_alone(cast, cast.ticket(), charged="5", charge_note="A favour")
    entry = TimeEntry.objects.get()
    assert (entry.charged_minutes, entry.charge_note) == (5, "A favour")


def test_a_contractor_logs_time_but_decides_no_charge_and_sees_no_figures(cast: Cast) -> None:
    ticket = cast.ticket()
    start(cast)
    post(cast.ada, f"tickets/{ticket.number}/assignment", {"add": cast.kit.pk})
    typed = {**fields(charged="0", charge_note="Free"), "panel": "reply"}
    post(cast.kit, f"tickets/{ticket.number}/time", typed)
    assert TimeEntry.objects.get().charged_minutes == 20
    page = get(cast.kit, f"tickets/{ticket.number}").content.decode()
    assert "Charge otherwise" not in page
    assert "left of" not in page
    assert "Ask for approval" not in page


def test_shows_the_allowance_and_the_time_of_this_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    start(cast)
    log_alone(cast, ticket)
    details = get(cast.ben, f"tickets/{ticket.number}/details").content.decode()
    assert f"Maintenance, {today():%B}" in details
    assert "40m</strong> left of 1h" in details
    assert "0h 20m" in details


def test_says_over_in_words(cast: Cast) -> None:
    ticket = cast.ticket()
    start(cast)
    log_alone(cast, ticket, actual="90")
    assert "30m over" in get(cast.ben, f"tickets/{ticket.number}/details").content.decode()


def test_asks_the_client_for_extra_time_and_takes_it_back(cast: Cast) -> None:
    ticket = cast.ticket()
    post(cast.ben, f"tickets/{ticket.number}/estimates", {"minutes": "1:30", "description": "A new form"})
    asked = Estimate.objects.get()
    assert (asked.minutes, asked.decision) == (90, Decision.WAITING)
    assert "waiting for the client" in get(cast.ben, f"tickets/{ticket.number}/details").content.decode()
    post(cast.ben, f"tickets/{ticket.number}/estimates/withdrawal", {"estimate": asked.pk})
    asked.refresh_from_db()
    assert asked.decision == Decision.WITHDRAWN


@pytest.mark.parametrize("typed", [{"minutes": "0"}, {"minutes": "much"}, {"minutes": "9999999"}, {"minutes": "20"}])
def test_refuses_an_estimate_that_says_nothing(cast: Cast, typed: dict[str, str]) -> None:
    ticket = cast.ticket()
    answer = post(cast.ben, f"tickets/{ticket.number}/estimates", typed, part=True)
    assert answer.status_code == 422
    assert not Estimate.objects.exists()


def test_an_estimate_of_another_ticket_is_not_withdrawn(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("Other")
    post(cast.ben, f"tickets/{other.number}/estimates", {"minutes": "20", "description": "More"})
    typed = {"estimate": Estimate.objects.get().pk}
    assert post(cast.ben, f"tickets/{ticket.number}/estimates/withdrawal", typed, part=True).status_code == 422
    assert Estimate.objects.get().decision == Decision.WAITING


def test_strangers_log_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    assert post(cast.kit, f"tickets/{ticket.number}/time", fields()).status_code == 404
    assert post(cast.kit, f"tickets/{ticket.number}/estimates", {"minutes": "20"}).status_code in {403, 404}


def test_work_of_yesterday_counts_for_yesterday(cast: Cast) -> None:
    yesterday = today() - timedelta(days=1)
    log_alone(cast, cast.ticket(), work_on=yesterday.isoformat())
    assert TimeEntry.objects.get().work_on == yesterday
