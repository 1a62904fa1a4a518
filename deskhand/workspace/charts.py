"""The bars of a plan's last months."""

from collections.abc import Sequence

from deskhand.allowances.queries import Bar
from deskhand.core.durations import duration
from deskhand.ui.bars import Amount, BarChart, bar_chart


def history_chart(bars: Sequence[Bar]) -> BarChart:
    """Return the chart of some months, the current one last."""
    return bar_chart([_amount(bar, is_current=bar is bars[-1]) for bar in bars])


def _amount(bar: Bar, *, is_current: bool) -> Amount:
    limit = f" of {duration(bar.allowance)}" if bar.allowance else ""
    over = ", over" if bar.is_over else ""
    return Amount(
        label=f"{bar.month:%b}",
        value=bar.used,
        mark=bar.allowance,
        says=f"{bar.month:%B %Y}: {duration(bar.used)}{limit} used{over}",
        tone="over" if bar.is_over else "cur" if is_current else "",
    )
