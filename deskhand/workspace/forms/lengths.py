"""Fields for lengths of time and months."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from deskhand.core.durations import MINUTES_PER_HOUR, DurationNotValid, duration, minutes_in

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
MOST_HOURS = 10_000


class MinutesField(forms.CharField):
    """A length of time as people write it: 20, 1:15, 1h 15m. A bare number is minutes."""

    def __init__(self, *, missing: str = "") -> None:
        """Take a time; `missing` is said where one must be given."""
        complaints = {"required": missing, "max_length": "Enter a time such as 20 (minutes), 1:15 or 1h 15m."}
        super().__init__(max_length=30, required=bool(missing), error_messages=complaints)

    def clean(self, value: Any) -> int | None:
        """Return whole minutes, None where nothing was given."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return minutes_in(text)
        except DurationNotValid as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as a time."""
        return duration(value) if isinstance(value, int) else value


class HoursField(forms.CharField):
    """A number of hours: 8, 7.5, 7:30 or 7h 30m. A bare number is hours."""

    def __init__(self, *, missing: str = "") -> None:
        """Take hours; `missing` is said where some must be given."""
        complaints = {"required": missing, "max_length": "Enter hours such as 8, 7.5 or 7:30."}
        super().__init__(max_length=30, required=bool(missing), error_messages=complaints)

    def clean(self, value: Any) -> int | None:
        """Return whole minutes, None where nothing was given."""
        text = super().clean(value)
        if not text:
            return None
        minutes = _minutes_of_hours(text)
        if minutes is None or minutes < 0:
            raise forms.ValidationError("Enter hours such as 8, 7.5 or 7:30.")
        if minutes > MOST_HOURS * MINUTES_PER_HOUR:
            raise forms.ValidationError(f"At most {MOST_HOURS:,} hours.")
        return minutes

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as hours: 8, 7.5, 7:20."""
        return hours_text(value) if isinstance(value, int) else value


class Day(forms.DateField):
    """A date, as date fields of browsers send it."""

    def __init__(self, *, missing: str = "") -> None:
        """Take a date; `missing` is said where one must be given."""
        complaints = {"required": missing, "invalid": "Enter a date such as 2026-11-30."}
        super().__init__(required=bool(missing), error_messages=complaints, input_formats=["%Y-%m-%d"])

    def prepare_value(self, value: Any) -> Any:
        """Show a date as date fields take it."""
        return value.isoformat() if isinstance(value, date) else value


def hours_text(minutes: int) -> str:
    """Return minutes as a number of hours: "8", "7.5", or "7:20" where a decimal would be long."""
    hours = Decimal(minutes) / MINUTES_PER_HOUR
    if (hours * 4) % 1:
        return f"{minutes // MINUTES_PER_HOUR}:{minutes % MINUTES_PER_HOUR:02d}"
    return f"{hours.normalize():f}"


def month_in(text: str) -> date | None:
    """Return the first day of "2026-11", None for any other text."""
    match = _MONTH.fullmatch(text)
    return date(int(match[1]), int(match[2]), 1) if match and int(match[1]) else None


def _minutes_of_hours(text: str) -> int | None:
    try:
        hours = Decimal(text.replace(",", "."))
        return round(hours * MINUTES_PER_HOUR) if hours.is_finite() and abs(hours) < MOST_HOURS * 10 else None
    except InvalidOperation:
        pass
    try:
        return minutes_in(text)
    except DurationNotValid:
        return None
