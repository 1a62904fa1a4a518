"""The promise in words: by when, which days do not count, when the office opens; and never a date once answered."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from deskhand.portal.promises import closed_words, promise_words, promised_answer, skipped_words
from deskhand.sla.queries.promises import OfficeHours, Promise
from deskhand.sla.targets import Unit
from deskhand.sla.working_days import SkippedDay, SkipReason
from tests.cast import NOON, Cast
from tests.sla.calendars import CALENDARS, moment
from tests.web.visitors import signed_in

LONDON = CALENDARS["office"]


def at(text: str) -> datetime:
    return moment(LONDON, text)


def promise(
    *skipped: SkippedDay, due: str = "Tue 2026-11-24 17:30", amount: int = 2, unit: Unit = Unit.WORKING_DAYS
) -> Promise:
    return Promise(at(due), amount, unit, skipped)


def free(text: str) -> SkippedDay:
    return SkippedDay(at(text).date(), SkipReason.WEEKEND)


def holiday(text: str, name: str) -> SkippedDay:
    return SkippedDay(at(text).date(), SkipReason.HOLIDAY, name)


SATURDAY, SUNDAY = free("Sat 2026-12-26 00:00"), free("Sun 2026-12-27 00:00")
CHRISTMAS, BOXING = holiday("Fri 2026-12-25 00:00", "Christmas Day"), holiday("Mon 2026-12-28 00:00", "Boxing Day")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (promise(), "We answer within two working days, by Tue 24 Nov 17:30."),
        (promise(amount=1), "We answer within one working day, by Tue 24 Nov 17:30."),
        (promise(amount=11), "We answer within 11 working days, by Tue 24 Nov 17:30."),
        (promise(amount=480, unit=Unit.WORKING_MINUTES), "We answer within eight working hours, by Tue 24 Nov 17:30."),
        (
            promise(amount=90, unit=Unit.WORKING_MINUTES),
            "We answer within 1h 30m of working time, by Tue 24 Nov 17:30.",
        ),
        (promise(amount=60, unit=Unit.CALENDAR_MINUTES), "We answer within one hour, by Tue 24 Nov 17:30."),
        (promise(amount=90, unit=Unit.CALENDAR_MINUTES), "We answer within 1h 30m, by Tue 24 Nov 17:30."),
        (promise(due="Tue 2027-01-05 17:30"), "We answer within two working days, by Tue 5 Jan 2027 17:30."),
        (promise(due="Wed 2026-11-25 00:00"), "We answer within two working days, by Tue 24 Nov 24:00."),
    ],
)
def test_says_by_when_a_person_answers(given: Promise, words: str) -> None:
    assert promise_words(given, now=at("Fri 2026-11-20 11:00")) == words


def test_says_that_it_is_late_once_the_time_is_past() -> None:
    words = promise_words(promise(), now=at("Tue 2026-11-24 17:30"))
    assert words == "We are late: you should have had an answer by Tue 24 Nov 17:30. We are sorry."


@pytest.mark.parametrize(
    ("skipped", "words"),
    [
        ((), ""),
        ((SATURDAY, SUNDAY), "Saturday and Sunday do not count."),
        ((SUNDAY,), "Sunday does not count."),
        ((CHRISTMAS,), "Christmas Day does not count."),
        ((CHRISTMAS, SATURDAY, SUNDAY), "Saturday and Sunday, and Christmas Day, do not count."),
        ((CHRISTMAS, SATURDAY, SUNDAY, BOXING), "Saturday and Sunday, and Christmas Day and Boxing Day, do not count."),
        ((SATURDAY, SUNDAY, SATURDAY), "Saturday and Sunday do not count."),
        ((holiday("Mon 2026-12-28 00:00", ""),), "Monday 28 December does not count."),
    ],
)
def test_names_the_days_that_do_not_count(skipped: tuple[SkippedDay, ...], words: str) -> None:
    assert skipped_words(promise(*skipped)) == words


@pytest.mark.parametrize(
    ("opens", "now", "words"),
    [
        ("Mon 2026-11-23 09:00", "Sat 2026-11-21 11:00", "is closed and opens on Monday at 09:00."),
        ("Mon 2026-11-23 09:00", "Sun 2026-11-22 11:00", "is closed and opens tomorrow at 09:00."),
        ("Mon 2026-11-23 09:00", "Mon 2026-11-23 07:00", "is closed and opens today at 09:00."),
        ("Mon 2026-11-30 09:00", "Sat 2026-11-21 11:00", "is closed and opens on Mon 30 Nov at 09:00."),
    ],
)
def test_says_when_the_office_opens(opens: str, now: str, words: str) -> None:
    hours = OfficeHours(is_open=False, opens_at=at(opens), closes_at=None, closed_for=None)
    said = closed_words(hours, now=at(now).astimezone(UTC))
    assert words in said
    assert "open tickets at any time" in said
    assert "only on those that are business critical" in said


def test_names_the_holiday_and_stays_silent_while_open() -> None:
    closed = OfficeHours(is_open=False, opens_at=None, closes_at=None, closed_for=CHRISTMAS)
    assert closed_words(closed, now=NOON).startswith("Our office is closed for Christmas Day. You can")
    assert closed_words(OfficeHours(is_open=True, opens_at=None, closes_at=None, closed_for=None), now=NOON) == ""


def test_promises_nothing_more_once_a_person_answered(cast: Cast) -> None:
    ticket = cast.ticket()
    promised = promised_answer(ticket, now=NOON)
    assert promised is not None
    assert promised.words == "We answer within two working days, by Fri 20 Nov 17:30."
    cast.staff_reply(ticket)
    assert promised_answer(ticket, now=NOON) is None


def test_shows_the_promise_on_every_page_of_the_ticket_and_its_own_deadline_apart(cast: Cast) -> None:
    ticket = cast.ticket(at=timezone.now())
    ticket.needed_by_on = datetime(2031, 3, 4, tzinfo=UTC).date()
    ticket.save(update_fields=["needed_by_on"])
    browser = signed_in(cast.cleo.user)
    assert "We answer </span>by " in browser.get("/").content.decode()
    page = browser.get(f"/tickets/{ticket.number}").content.decode()
    assert "Our answer" in page
    assert "Needed by" in page
    assert "We answer within two working days, by" in browser.get(f"/tickets/{ticket.number}/opened").content.decode()
    cast.client_reply(ticket)
    cast.staff_reply(ticket, at=timezone.now())
    cast.client_reply(ticket, at=timezone.now())
    home = browser.get("/").content.decode()
    assert "We answer </span>by" not in home
    assert "needed by Tue 4 Mar 2031" in home
    assert "Our answer" not in browser.get(f"/tickets/{ticket.number}").content.decode()
    assert "We answer within" not in browser.get(f"/tickets/{ticket.number}/opened").content.decode()
