"""Asking for an update, approving extra work, rating: once, by those who may, and harmless when pressed twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from deskhand.allowances.actions.estimates import ask_approval, withdraw
from deskhand.allowances.models import Decision, Estimate
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.portal.ticket_boxes import chase_state
from deskhand.sla.queries.promises import working_day_at
from deskhand.tickets.actions.chasing import NotWithUs, ask_for_update
from deskhand.tickets.actions.rating import RatingNotPossible, rate
from deskhand.tickets.actions.status import close_ticket, reopen_ticket
from deskhand.tickets.models import Rating, Ticket, Verdict
from deskhand.tickets.queries.history import history_of
from tests.cast import NOON, Cast, act_by
from tests.web.visitors import signed_in


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return signed_in(cast.cleo.user)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket(at=timezone.now() - timedelta(hours=1))


def page(browser: Browser, ticket: Ticket) -> str:
    return browser.get(f"/tickets/{ticket.number}").content.decode()


def press(browser: Browser, ticket: Ticket, verb: str, **fields: str) -> str:
    return browser.post(f"/tickets/{ticket.number}/{verb}", fields, follow=True).content.decode()


def kinds(ticket: Ticket, prefix: str) -> list[str]:
    return [event.kind for event in Event.objects.about("ticket", ticket.pk) if event.kind.startswith(prefix)]


# Asking for an update


def test_asks_for_an_update_once_and_everyone_sees_it(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    assert "Ask for an update" in page(browser, ticket)
    assert "We see that you are waiting for news." in press(browser, ticket, "chasing")
    again = press(browser, ticket, "chasing")
    assert "You or a colleague asked already." in again
    assert "You asked for an update" in again
    assert 'aria-label="Ask for an update"' not in again
    assert 'aria-label="Ask for an update"' not in page(signed_in(cast.dev.user), ticket)
    assert kinds(ticket, "ticket.chased") == ["ticket.chased"]
    assert "Cleo Clarke asked for an update" in [line.text for line in history_of(ticket.pk, agent=cast.ben)]


def test_asks_once_where_two_press_at_the_same_moment(cast: Cast) -> None:
    ticket, act = cast.ticket(), act_by(cast.cleo.user)
    assert ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act)
    assert not ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act)


@pytest.mark.parametrize(
    ("asked", "now", "may"),
    [
        ("2026-11-18 09:30", "2026-11-18 16:00", False),
        ("2026-11-18 09:30", "2026-11-19 09:01", True),
        ("2026-11-20 18:00", "2026-11-23 10:00", False),  # after hours on Friday is Monday's question already
        ("2026-11-20 12:00", "2026-11-21 12:00", True),
        ("2026-11-21 12:00", "2026-11-23 16:00", False),
        ("2026-11-21 12:00", "2026-11-24 09:00", True),
    ],
)
def test_lets_ask_again_on_the_next_working_day(cast: Cast, asked: str, now: str, may: bool) -> None:
    ticket = cast.ticket()
    ticket.chased_at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    state = chase_state(ticket, now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert state is not None
    assert state.may_ask is may


def test_counts_working_days_in_the_desks_own_hours(cast: Cast) -> None:
    assert working_day_at(datetime(2026, 11, 21, 12, tzinfo=UTC)) == date(2026, 11, 23)


def test_does_not_ask_about_what_is_closed_or_the_clients_turn(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    cast.staff_reply(ticket)
    assert 'aria-label="Ask for an update"' not in page(browser, ticket)
    assert "This ticket is not waiting for us." in press(browser, ticket, "chasing")
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    assert "This ticket is not waiting for us." in press(browser, ticket, "chasing")
    with pytest.raises(NotWithUs):
        ask_for_update(ticket_id=ticket.pk, last_asked_at=None, act=act_by(cast.cleo.user))
    assert kinds(ticket, "ticket.chased") == []


# Extra work


def asked(cast: Cast, ticket: Ticket) -> Estimate:
    return ask_approval(
        ticket_id=ticket.pk, agent=cast.ben, minutes=90, description="A new form", act=act_by(cast.ben.user)
    )


@pytest.mark.parametrize(
    ("decision", "words", "stored"),
    [
        ("approve", "Approved. We go ahead.", Decision.APPROVED),
        ("decline", "Declined. We do not start this.", Decision.DECLINED),
    ],
)
def test_decides_about_extra_work_once(
    cast: Cast, browser: Browser, ticket: Ticket, decision: str, words: str, stored: Decision
) -> None:
    estimate = asked(cast, ticket)
    before = page(browser, ticket)
    assert "1h 30m</span> of extra work?" in before
    assert "A new form" in before
    assert words in press(browser, ticket, f"estimates/{estimate.public_id}", decision=decision)
    after = press(browser, ticket, f"estimates/{estimate.public_id}", decision=decision)
    assert f"You {stored} " in after
    assert "of extra work?" not in after
    estimate.refresh_from_db()
    assert (estimate.decision, estimate.decided_by) == (stored, cast.cleo)
    assert kinds(ticket, "estimate.decided") == ["estimate.decided"]
    assert f"Cleo Clarke {stored} 1h 30m of extra work" in [line.text for line in history_of(ticket.pk, agent=cast.ben)]


def test_keeps_the_first_decision(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    estimate = asked(cast, ticket)
    press(browser, ticket, f"estimates/{estimate.public_id}", decision="approve")
    answer = press(signed_in(cast.dev.user), ticket, f"estimates/{estimate.public_id}", decision="decline")
    assert "This was already approved." in answer
    assert "Cleo Clarke approved" in answer
    assert Estimate.objects.get().decision == Decision.APPROVED


def test_says_that_the_question_was_withdrawn(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    estimate = asked(cast, ticket)
    withdraw(estimate_id=estimate.pk, act=act_by(cast.ben.user))
    assert "of extra work?" not in page(browser, ticket)
    assert "This was already withdrawn." in press(
        browser, ticket, f"estimates/{estimate.public_id}", decision="approve"
    )


def test_decides_nothing_without_a_press(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    address = f"/tickets/{ticket.number}/estimates/{asked(cast, ticket).public_id}"
    assert browser.get(address, {"decision": "approve"}).status_code == 302
    assert "Choose whether to approve" in browser.post(address, {}, follow=True).content.decode()
    assert Estimate.objects.get().decision == Decision.WAITING


def test_lets_nobody_else_decide(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    estimate, own = asked(cast, ticket), cast.ticket("Another")
    path = f"estimates/{estimate.public_id}"
    strangers = [(signed_in(cast.eve.user), ticket), (browser, own), (signed_in(cast.ben.user), ticket)]
    for visitor, place in strangers:
        assert visitor.post(f"/tickets/{place.number}/{path}", {"decision": "approve"}).status_code == 404
    Contact.objects.filter(pk=cast.cleo.pk).update(sees_maintenance=False)
    assert "A new form" not in page(browser, ticket)
    assert "1h 30m" not in page(browser, ticket)
    assert browser.post(f"/tickets/{ticket.number}/{path}", {"decision": "approve"}).status_code == 404
    assert Browser().post(f"/tickets/{ticket.number}/{path}", {"decision": "approve"}).status_code == 302
    assert Estimate.objects.get().decision == Decision.WAITING


# Rating


def close(cast: Cast, ticket: Ticket) -> None:
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=timezone.now()))


def test_rates_a_closed_ticket_and_changes_it(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    assert "How did we do?" not in page(browser, ticket)
    close(cast, ticket)
    assert "How did we do?" in page(browser, ticket)
    assert Rating.objects.count() == 0
    answer = press(browser, ticket, "rating", verdict="good", comment="Quick!")
    assert "Thank you for saying how we did" in answer
    press(browser, ticket, "rating", verdict="good", comment="Quick!")
    press(signed_in(cast.dev.user), ticket, "rating", verdict="bad", comment="")
    rating = Rating.objects.get()
    assert (rating.verdict, rating.comment, rating.rated_by) == (Verdict.BAD, "", cast.dev)
    told = [line.text for line in history_of(ticket.pk, agent=cast.ben) if line.kind == "ticket.rated"]
    assert told == ["Cleo Clarke rated this good: “Quick!”", "Dev Das rated this not good"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose “Good” or “Not good”."),
        ({"verdict": "fine", "comment": "Keep this"}, "Choose “Good” or “Not good”."),
        ({"verdict": "good", "comment": "x" * 1001}, "The comment is 1,001 characters long; 1,000 fit."),
    ],
)
def test_sends_a_rating_back_with_what_is_wrong(
    cast: Cast, browser: Browser, ticket: Ticket, fields: dict[str, str], words: str
) -> None:
    close(cast, ticket)
    answer = browser.post(f"/tickets/{ticket.number}/rating", fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fields.get("comment", "") in answer.content.decode()
    assert not Rating.objects.exists()


def test_asks_anew_after_another_resolution(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    close(cast, ticket)
    press(browser, ticket, "rating", verdict="good")
    reopen_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user, at=timezone.now()))
    assert "can no longer be rated" in press(browser, ticket, "rating", verdict="bad")
    close(cast, ticket)
    assert "How did we do?" in page(browser, ticket)
    press(browser, ticket, "rating", verdict="bad")
    assert [rating.verdict for rating in Rating.objects.order_by("id")] == ["good", "bad"]


def test_closes_for_ratings_after_fourteen_days(cast: Cast) -> None:
    ticket = cast.ticket()
    close_ticket(ticket_id=ticket.pk, act=act_by(cast.ben.user))
    late = act_by(cast.cleo.user, at=NOON + timedelta(days=14))
    rate(ticket_id=ticket.pk, contact=cast.cleo, verdict=Verdict.GOOD, comment="", act=late)
    later = act_by(cast.cleo.user, at=NOON + timedelta(days=14) + timedelta(seconds=1))
    with pytest.raises(RatingNotPossible):
        rate(ticket_id=ticket.pk, contact=cast.cleo, verdict=Verdict.BAD, comment="", act=later)


def test_a_get_rates_nothing(cast: Cast, browser: Browser, ticket: Ticket) -> None:
    close(cast, ticket)
    assert browser.get(f"/tickets/{ticket.number}/rating", {"verdict": "good"}).status_code == 302
    assert not Rating.objects.exists()
