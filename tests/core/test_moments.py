from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from deskhand.core.moments import micros_of, moment_of


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_exactly(moment: datetime) -> None:
    assert moment_of(micros_of(moment)) == moment


def test_the_zone_makes_no_difference() -> None:
    moment = datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert micros_of(moment) == 0
    assert micros_of(moment + timedelta(seconds=2)) == 2_000_000
