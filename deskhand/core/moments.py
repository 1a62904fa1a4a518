"""Moments as whole numbers, exact to the microsecond: for addresses and keys."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros_of(moment: datetime) -> int:
    """Return how many microseconds after 1970 (UTC) an aware moment is."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(micros: int) -> datetime:
    """Return the moment (UTC) so many microseconds after 1970. Raises OverflowError beyond the year 9999."""
    return _EPOCH + micros * _MICROSECOND
