from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.allowances.ledger import Adjustment, Month, Rollover, Settlement, Terms, TopUp, Work, grants_of
from deskhand.allowances.ledger import settle as settle_with_grants
from deskhand.allowances.months import add_months, last_day

START = date(2026, 1, 1)
PLAIN = Terms(480, START)
CAPPED = Terms(480, START, rollover=Rollover.CAPPED, cap_minutes=120)
EXPIRING = Terms(480, START, rollover=Rollover.EXPIRING, expires_after_months=2)


def settle(terms: Terms, *, until: date, **more: Any) -> Settlement:
    return settle_with_grants(terms, until=until, grants=grants_of(terms, until=until), **more)


def day(text: str) -> date:
    return date.fromisoformat(text)


def work(*pieces: tuple[str, int]) -> list[Work]:
    return [Work(key, day(on), minutes) for key, (on, minutes) in enumerate(pieces)]


def month_of(terms: Terms, month: str, pieces: list[Work], **more: Any) -> Month:
    first = day(month + "-01")
    return settle(terms, until=last_day(first), work=pieces, **more).month(first)


# terms, work, month → granted, carried in, used, covered, overage, left
EXAMPLES = [
    (PLAIN, [], "2026-01", (480, 0, 0, 0, 0, 480)),
    (PLAIN, [("2026-01-31", 480)], "2026-01", (480, 0, 480, 480, 0, 0)),
    (PLAIN, [("2026-01-31", 479)], "2026-01", (480, 0, 479, 479, 0, 1)),
    (PLAIN, [("2026-01-31", 481)], "2026-01", (480, 0, 481, 480, 1, 0)),
    (PLAIN, [("2026-01-05", 100)], "2026-02", (480, 0, 0, 0, 0, 480)),
    (PLAIN, [("2026-02-28", 30), ("2026-03-01", 40)], "2026-02", (480, 0, 30, 30, 0, 450)),
    (PLAIN, [("2026-02-28", 30), ("2026-03-01", 40)], "2026-03", (480, 0, 40, 40, 0, 440)),
    (Terms(480, day("2028-02-01")), [("2028-02-29", 60)], "2028-02", (480, 0, 60, 60, 0, 420)),
    (Terms(0, START), [("2026-01-02", 20)], "2026-01", (0, 0, 20, 0, 20, 0)),
    (CAPPED, [], "2026-02", (480, 120, 0, 0, 0, 600)),
    (CAPPED, [], "2026-03", (480, 120, 0, 0, 0, 600)),
    (CAPPED, [("2026-01-15", 400)], "2026-02", (480, 80, 0, 0, 0, 560)),
    (CAPPED, [("2026-01-15", 480)], "2026-02", (480, 0, 0, 0, 0, 480)),
    (CAPPED, [("2026-01-15", 500)], "2026-02", (480, 0, 0, 0, 0, 480)),
    (CAPPED, [("2026-02-15", 590)], "2026-03", (480, 10, 0, 0, 0, 490)),
    (EXPIRING, [], "2026-02", (480, 480, 0, 0, 0, 960)),
    (EXPIRING, [], "2026-03", (480, 960, 0, 0, 0, 1440)),
    (EXPIRING, [], "2026-04", (480, 960, 0, 0, 0, 1440)),
    (EXPIRING, [("2026-02-10", 500)], "2026-02", (480, 480, 500, 500, 0, 460)),
    (EXPIRING, [("2026-02-10", 500)], "2026-03", (480, 460, 0, 0, 0, 940)),
    (Terms(480, START, day("2026-02-14")), [], "2026-02", (480, 0, 0, 0, 0, 480)),
    (Terms(480, START, day("2026-02-14")), [("2026-03-02", 10)], "2026-03", (0, 0, 10, 0, 10, 0)),
    (Terms(480, day("2026-01-20")), [("2026-01-10", 10)], "2026-01", (480, 0, 10, 10, 0, 470)),
    (Terms(480, day("2026-02-01")), [("2026-01-10", 10)], "2026-01", (0, 0, 10, 0, 10, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "pieces", "month", "expected"), EXAMPLES)
def test_months_come_to_what_they_should(
    terms: Terms, pieces: list[tuple[str, int]], month: str, expected: tuple[int, ...]
) -> None:
    got = month_of(terms, month, work(*pieces))
    assert (got.granted, got.carried_in, got.used, got.covered, got.overage, got.left) == expected


@pytest.mark.parametrize(("minutes", "used_up"), [(479, False), (480, True), (481, True)])
def test_exactly_equal_is_used_up(minutes: int, used_up: bool) -> None:
    assert month_of(PLAIN, "2026-01", work(("2026-01-09", minutes))).is_used_up is used_up


def test_work_over_the_edge_is_split() -> None:
    settled = settle(PLAIN, until=day("2026-01-31"), work=work(("2026-01-05", 450), ("2026-01-06", 90)))
    assert (settled.splits[1].covered, settled.splits[1].overage) == (30, 60)


def test_a_top_up_survives_the_month_and_is_used_after_the_grant() -> None:
    block = [TopUp(day("2026-01-10"), 60)]
    pieces = work(("2026-01-20", 500), ("2026-03-03", 500))
    assert month_of(PLAIN, "2026-01", pieces, top_ups=block).top_up_left == 40
    march = month_of(PLAIN, "2026-03", pieces, top_ups=block)
    assert (march.covered, march.overage, march.top_up_left) == (500, 0, 20)


def test_a_top_up_that_expires_sooner_is_used_first() -> None:
    block = [TopUp(day("2026-01-01"), 60, expires_on=day("2026-01-15"))]
    used = month_of(PLAIN, "2026-01", work(("2026-01-10", 60)), top_ups=block)
    assert (used.left, used.top_up_left) == (480, 0)
    late = month_of(PLAIN, "2026-01", work(("2026-01-16", 60)), top_ups=block)
    assert late.left == 420


def test_a_top_up_covers_no_work_before_it_was_bought() -> None:
    block = [TopUp(day("2026-01-10"), 60)]
    early = month_of(Terms(0, START), "2026-01", work(("2026-01-09", 30)), top_ups=block)
    assert (early.covered, early.overage, early.left) == (0, 30, 60)


@pytest.mark.parametrize(("minutes", "left"), [(30, 510), (-30, 450), (-480, 0)])
def test_an_adjustment_changes_its_month_alone(minutes: int, left: int) -> None:
    changes = [Adjustment(day("2026-01-12"), minutes)]
    assert month_of(PLAIN, "2026-01", [], adjustments=changes).left == left
    assert month_of(PLAIN, "2026-02", [], adjustments=changes).left == 480


def days(first: date, last: date) -> st.SearchStrategy[date]:
    """One choice a day, where `st.dates` makes three and asks whether they are a day."""
    return st.integers(0, (last - first).days).map(lambda passed: first + timedelta(days=passed))


TERMS = st.builds(
    Terms,
    minutes_per_month=st.integers(0, 600),
    starts_on=days(date(2025, 11, 1), date(2026, 3, 1)),
    ends_on=st.none() | days(date(2026, 3, 2), date(2026, 8, 1)),
    rollover=st.sampled_from(Rollover),
    cap_minutes=st.integers(0, 700),
    expires_after_months=st.integers(1, 4),
)
DAYS = days(date(2025, 12, 1), date(2026, 7, 31))
PIECES = st.lists(st.tuples(DAYS, st.integers(1, 400)), max_size=12)
BLOCKS = st.lists(
    st.builds(
        lambda on, minutes, days: TopUp(on, minutes, on + timedelta(days=days) if days else None),
        DAYS, st.integers(1, 300), st.integers(0, 90),
    ),
    max_size=4,
)  # fmt: skip
UNTIL = date(2026, 8, 31)


@given(TERMS, PIECES, BLOCKS, st.integers(0, 2**16))
def test_the_order_of_entry_changes_nothing(
    terms: Terms, pieces: list[tuple[date, int]], blocks: list[TopUp], seed: int
) -> None:
    chance = Random(seed)
    entered = [Work(key, on, minutes) for key, (on, minutes) in enumerate(pieces)]
    shuffled = chance.sample(pieces, len(pieces))
    otherwise = [Work(key, on, minutes) for key, (on, minutes) in enumerate(shuffled)]
    first = settle(terms, until=UNTIL, work=entered, top_ups=blocks)
    second = settle(terms, until=UNTIL, work=otherwise, top_ups=chance.sample(blocks, len(blocks)))
    assert first.months == second.months


@given(TERMS, PIECES, BLOCKS)
def test_no_minute_is_made_or_lost(terms: Terms, pieces: list[tuple[date, int]], blocks: list[TopUp]) -> None:
    entered = [Work(key, on, minutes) for key, (on, minutes) in enumerate(pieces)]
    settled = settle(terms, until=UNTIL, work=entered, top_ups=blocks)
    given_minutes = sum(month.granted for month in settled.months) + sum(block.minutes for block in blocks)
    gone = sum(month.covered + month.expired for month in settled.months)
    last = settled.months[-1]
    assert given_minutes == gone + last.carried_out + last.top_up_left
    assert sum(minutes for _, minutes in pieces) == sum(month.covered + month.overage for month in settled.months)


@given(TERMS, PIECES, BLOCKS)
def test_more_work_never_leaves_more(terms: Terms, pieces: list[tuple[date, int]], blocks: list[TopUp]) -> None:
    entered = [Work(key, on, minutes) for key, (on, minutes) in enumerate(pieces)]
    without = settle(terms, until=UNTIL, work=entered[:-1], top_ups=blocks).months[-1]
    with_it = settle(terms, until=UNTIL, work=entered, top_ups=blocks).months[-1]
    assert with_it.left <= without.left


def test_months_step_over_year_ends() -> None:
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert last_day(date(2028, 2, 1)) == date(2028, 2, 29)
