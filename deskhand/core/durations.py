"""Lengths of time as people read them. Work is kept in whole minutes."""

MINUTES_PER_HOUR = 60


def duration(minutes: int) -> str:
    """Return `minutes` as "1h 30m", "8h" or "45m"; negative ones with a minus sign in front."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    sign = "\u2212" if minutes < 0 else ""
    if hours and rest:
        return f"{sign}{hours}h {rest}m"
    return f"{sign}{hours}h" if hours else f"{sign}{rest}m"


def logged_time(minutes: int) -> str:
    """Return `minutes` with both units always, "0h 40m", so that figures in a column line up."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}h {rest:02d}m"
