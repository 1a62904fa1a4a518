"""Time zones people choose from."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_choices() -> tuple[str, ...]:
    """Return the IANA names of places, sorted; not the old aliases such as "GB" and "EST"."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS))


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; UTC where this machine does not know it any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
