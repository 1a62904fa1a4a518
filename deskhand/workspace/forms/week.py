"""Working hours as people write them: one line a weekday, "09:00-12:30, 13:30-17:30"."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from deskhand.sla.wall_times import Interval, WallTimeNotValid, wall_time

_STRETCH = re.compile(r"\s*([\d:.]+)\s*(?:-|\u2013|\u2014|to|until)\s*([\d:.]+)\s*", re.IGNORECASE)
_HOW = "Write hours such as 09:00-12:30, 13:30-17:30, or 22:00-06:00 for a night."
MOST_STRETCHES = 12


class StretchesField(forms.CharField):
    """The hours of one weekday; empty is a day off."""

    def __init__(self) -> None:
        super().__init__(max_length=300, required=False, error_messages={"max_length": _HOW})

    def clean(self, value: Any) -> list[Interval]:
        """Return the stretches in order. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if text.casefold() in {"", "closed", "off"}:
            return []
        stretches = [self._stretch(part) for part in re.split("[,;]", text) if part.strip()]
        if len(stretches) > MOST_STRETCHES:
            raise forms.ValidationError(f"At most {MOST_STRETCHES} stretches a day.")
        return sorted(stretches)

    def prepare_value(self, value: Any) -> Any:
        """Show stretches as people write them."""
        return value if isinstance(value, str) or value is None else stretches_text(value)

    @staticmethod
    def _stretch(text: str) -> Interval:
        match = _STRETCH.fullmatch(text)
        if match is None:
            raise forms.ValidationError(_HOW)
        try:
            return Interval.between(_full(match[1]), _full(match[2]))
        except WallTimeNotValid as error:
            raise forms.ValidationError(str(error)) from error


def stretches_text(stretches: Sequence[Interval]) -> str:
    """Return stretches as the field takes them."""
    return ", ".join(f"{wall_time(one.starts_minute)}-{wall_time(one.ends_minute)}" for one in stretches)


def _full(text: str) -> str:
    return f"{text}:00" if text.isdecimal() else text
