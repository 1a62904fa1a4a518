"""How long something takes, again and again: a distribution of times, in milliseconds."""

import statistics
import time
from collections.abc import Callable


class Times(list[float]):
    """Milliseconds of many runs, in the order they were taken. Not empty where a figure is asked for."""

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self)

    @property
    def p95(self) -> float:
        """What 95 of 100 stay below."""
        return sorted(self)[int(len(self) * 0.95)]

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f}"


def timed(work: Callable[[], object], runs: int, *, fewest: int = 1, longest: float = float("inf")) -> Times:
    """Return how long each of so many runs took; fewer, but never below `fewest`, once they took `longest` in all."""
    found = Times()
    while len(found) < runs and (len(found) < fewest or sum(found) < longest):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found
