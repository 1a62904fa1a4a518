"""Columns of months as SVG measures, so that pages draw them without scripts or inline styles."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskhand.allowances.queries import Bar, BoxState
from deskhand.core.durations import duration

_STEP = 46
_HEADROOM = 1.08
_LEAST_HEIGHT = 2.0


@dataclass(frozen=True)
class Column:
    """One month. Measures are in units of the drawing; `tone` is "over", "now" or empty."""

    label: str
    words: str
    x: int
    y: float
    width: int
    height: float
    middle: int
    tone: str
    is_now: bool


@dataclass(frozen=True)
class Chart:
    """A drawing `width` by `height`: columns that stand on `base`, and the path of the dashed allowance line."""

    width: int
    height: int
    base: int
    columns: tuple[Column, ...]
    line: str
    words: str
    """All of it in a sentence, for those who do not see it."""


def month_chart(bars: Sequence[Bar], state: BoxState, *, base: int, column_width: int) -> Chart:
    """Return the chart of a box's months, the current one last."""
    top = max([1, *(max(bar.used, bar.allowance) for bar in bars)]) * _HEADROOM
    columns = tuple(
        _column(place, bar, _Frame(base, base / top, column_width), state, is_now=place == len(bars) - 1)
        for place, bar in enumerate(bars)
    )
    return Chart(
        width=_STEP * len(bars),
        height=base + 26,
        base=base,
        columns=columns,
        line=_line(bars, base / top, base),
        words=f"Time used per month: {', '.join(column.words for column in columns)}.",
    )


def _tone(bar: Bar, *, is_now: bool, state: BoxState) -> str:
    if bar.is_over or (is_now and state is BoxState.OVER):
        return "over"
    return "now" if is_now else ""


@dataclass(frozen=True)
class _Frame:
    base: int
    scale: float
    """Units of height a minute."""
    column_width: int


def _column(place: int, bar: Bar, frame: _Frame, state: BoxState, *, is_now: bool) -> Column:
    height = round(max(bar.used * frame.scale, _LEAST_HEIGHT if bar.used else 0), 1)
    return Column(
        label=f"{bar.month:%b}",
        words=_words(bar),
        x=place * _STEP + (_STEP - frame.column_width) // 2,
        y=round(frame.base - height, 1),
        width=frame.column_width,
        height=height,
        middle=place * _STEP + _STEP // 2,
        tone=_tone(bar, is_now=is_now, state=state),
        is_now=is_now,
    )


def _words(bar: Bar) -> str:
    allowed = f" of {duration(bar.allowance)}" if bar.allowance else ""
    return f"{bar.month:%B} {duration(bar.used)}{allowed}"


def _line(bars: Sequence[Bar], scale: float, base: int) -> str:
    """Return the allowance of each month as a path of steps; months without one leave a gap."""
    path = ""
    before = 0
    for place, bar in enumerate(bars):
        if bar.allowance:
            y = round(base - bar.allowance * scale, 1)
            path += (f"V{y}" if before else f"M{place * _STEP} {y}") + f"H{(place + 1) * _STEP}"
        before = bar.allowance
    return path
