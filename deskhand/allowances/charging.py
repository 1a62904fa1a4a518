"""How many minutes a piece of work is charged. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Charging:
    """The rules: round up to a step, at least a minimum, nothing where the category is free."""

    rounding_minutes: int
    minimum_minutes: int
    is_free: bool = False

    def charge(self, actual_minutes: int) -> int:
        """Return the charged minutes of `actual_minutes` (> 0) of work."""
        if self.is_free:
            return 0
        step = self.rounding_minutes
        rounded = -(-actual_minutes // step) * step
        return max(rounded, self.minimum_minutes)
