"""Small bar charts drawn on the server: where each bar of an SVG stands. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 130
PLOT_HEIGHT = 104
SLOT = 46
BAR = 26
_HEADROOM = 1.12
_LEAST = 2


@dataclass(frozen=True)
class Amount:
    """One column: its label, its value, the mark it is measured against (0: none), and what hovering says."""

    label: str
    value: int
    mark: int
    says: str
    tone: str = ""
    """"", "over" or "cur"."""


@dataclass(frozen=True)
class Column:
    """A column where it stands, in the units of the picture."""

    amount: Amount
    x: int
    y: int
    height: int
    label_x: int
    mark_from: int
    mark_to: int
    mark_y: int | None


@dataclass(frozen=True)
class BarChart:
    """Columns from left to right in a picture of `width` by `height`."""

    width: int
    height: int
    columns: tuple[Column, ...]


def bar_chart(amounts: Sequence[Amount]) -> BarChart:
    """Return the chart of some amounts, the highest of them or of their marks just below the top."""
    top = max((max(amount.value, amount.mark) for amount in amounts), default=0) * _HEADROOM or 1
    columns = tuple(_column(amount, index, top) for index, amount in enumerate(amounts))
    return BarChart(max(1, len(amounts)) * SLOT, HEIGHT, columns)


def _column(amount: Amount, index: int, top: float) -> Column:
    height = max(_LEAST if amount.value else 0, round(amount.value / top * PLOT_HEIGHT))
    left = index * SLOT
    return Column(
        amount=amount,
        x=left + (SLOT - BAR) // 2,
        y=PLOT_HEIGHT - height,
        height=height,
        label_x=left + SLOT // 2,
        mark_from=left,
        mark_to=left + SLOT,
        mark_y=PLOT_HEIGHT - round(amount.mark / top * PLOT_HEIGHT) if amount.mark else None,
    )
