from datetime import UTC, date, datetime, timedelta

import pytest

from deskhand.core import dates

NOW = datetime(2026, 11, 21, 10, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "long", "short"),
    [
        (timedelta(seconds=-30), "just now", "now"),
        (timedelta(seconds=59), "just now", "now"),
        (timedelta(minutes=1), "1 minute ago", "1m"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "59m"),
        (timedelta(hours=2), "2 hours ago", "2h"),
        (timedelta(hours=19), "Yesterday", "Yesterday"),
        (timedelta(days=3), "3 days ago", "3d"),
        (timedelta(days=7), "14 Nov", "14 Nov"),
        (timedelta(days=400), "17 Oct 2025", "17 Oct 2025"),
        (timedelta(days=-2), "23 Nov 2026, 10:58", "23 Nov"),
    ],
)
def test_says_how_long_ago_a_moment_was(before: timedelta, long: str, short: str) -> None:
    assert dates.relative_time(NOW - before, NOW) == long
    assert dates.relative_time_short(NOW - before, NOW) == short


def test_counts_hours_across_midnight_while_they_are_few() -> None:
    after_midnight = NOW.replace(hour=1, minute=0)
    assert dates.relative_time(after_midnight - timedelta(hours=2), after_midnight) == "2 hours ago"


def test_shows_exact_moments_and_days() -> None:
    assert dates.exact_time(NOW) == "21 Nov 2026, 10:58"
    assert dates.clock_time(NOW) == "10:58"
    assert dates.short_day(date(2026, 11, 26), NOW.date()) == "Thu 26 Nov"
    assert dates.short_day(date(2027, 1, 4), NOW.date()) == "Mon 4 Jan 2027"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 21, 8, 31, tzinfo=UTC), "today, 08:31"),
        (datetime(2026, 11, 20, 16, 40, tzinfo=UTC), "yesterday, 16:40"),
        (datetime(2026, 11, 2, 9, 5, tzinfo=UTC), "2 Nov, 09:05"),
        (datetime(2025, 11, 2, 9, 5, tzinfo=UTC), "2 Nov 2025, 09:05"),
    ],
)
def test_names_the_day_before_the_time(moment: datetime, expected: str) -> None:
    assert dates.day_and_time(moment, NOW) == expected


def test_heads_days_in_words() -> None:
    today = NOW.date()
    assert dates.day_heading(today, today) == "Today"
    assert dates.day_heading(today - timedelta(days=1), today) == "Yesterday"
    assert dates.day_heading(date(2026, 11, 12), today) == "Thursday 12 November"
    assert dates.day_heading(date(2025, 11, 12), today) == "Wednesday 12 November 2025"
