"""The arithmetic of allowances: from what was granted and used to what is left. Pure; minutes are whole numbers.

The unit is the lot: minutes usable until a date. A month's grant is a lot, a top-up is a lot, what rolls over becomes
a lot of the next month. Work takes from the lots usable on its date, earliest expiry first; what no lot covers is
overage. Work is settled by date, so nothing depends on the order in which it was entered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from deskhand.allowances.months import add_months, last_day, month_of, months_between

FOREVER = date.max


class Rollover(StrEnum):
    """What becomes of minutes left at a month's end."""

    NONE = "none"
    CAPPED = "capped"
    EXPIRING = "expiring"


@dataclass(frozen=True)
class Terms:
    """What a plan grants: minutes each month from `starts_on` to `ends_on` (None: until further notice)."""

    minutes_per_month: int
    starts_on: date
    ends_on: date | None = None
    rollover: Rollover = Rollover.NONE
    cap_minutes: int = 0
    expires_after_months: int = 0

    def grant_in(self, month: date) -> int:
        """Return the grant of a month: all of it when the plan runs on any of its days, else none."""
        began = self.starts_on <= last_day(month)
        ended = self.ends_on is not None and self.ends_on < month
        return self.minutes_per_month if began and not ended else 0

    def expiry_of_grant(self, month: date) -> date:
        """Return the last day on which a month's grant can be used."""
        if self.rollover == Rollover.EXPIRING:
            return last_day(add_months(month, self.expires_after_months))
        return last_day(month)


@dataclass(frozen=True)
class Work:
    """Charged minutes on a date; `key` orders what shares a date and names it in the result."""

    key: int
    on: date
    minutes: int


@dataclass(frozen=True)
class Adjustment:
    """Minutes given (positive) or taken (negative) on a date by hand."""

    on: date
    minutes: int


@dataclass(frozen=True)
class TopUp:
    """A block of minutes bought beside the plan; survives month ends."""

    on: date
    minutes: int
    expires_on: date | None = None


@dataclass(frozen=True)
class Split:
    """How much of one piece of work the allowance covered."""

    covered: int
    overage: int


@dataclass(frozen=True)
class Month:
    """What a month came to, in minutes."""

    month: date
    granted: int
    carried_in: int
    topped_up: int
    adjusted: int
    used: int
    covered: int
    overage: int
    expired: int
    carried_out: int
    """Left of monthly minutes at the end and usable next month."""
    top_up_left: int
    left: int
    """Everything usable at the end of the month's last settled day, before anything expires."""

    @property
    def allowance(self) -> int:
        """What there was to use: what was covered and what is left."""
        return self.covered + self.left

    @property
    def is_used_up(self) -> bool:
        """Whether used minutes reach the allowance; exactly equal counts."""
        return self.used >= self.allowance


@dataclass
class _Lot:
    minutes: int
    usable_from: date
    usable_until: date
    is_top_up: bool = False


@dataclass(frozen=True)
class Settlement:
    """Every month in order, and the split of every piece of work by its key."""

    months: tuple[Month, ...]
    splits: dict[int, Split] = field(default_factory=dict)

    def month(self, month: date) -> Month:
        """Return one month. Raises KeyError for a month outside the settlement."""
        for settled in self.months:
            if settled.month == month:
                return settled
        raise KeyError(month)


def grants_of(terms: Terms, *, until: date) -> dict[date, int]:
    """Return what the plan grants in each month up to that of `until`, months without a grant left out."""
    months = months_between(terms.starts_on, until)
    return {month: minutes for month in months if (minutes := terms.grant_in(month))}


def settle(
    terms: Terms,
    *,
    until: date,
    grants: Mapping[date, int],
    work: Iterable[Work] = (),
    adjustments: Iterable[Adjustment] = (),
    top_ups: Iterable[TopUp] = (),
) -> Settlement:
    """Settle every month from the plan's first (or the earliest work) to that of `until`, included.

    `grants` holds minutes by month, as the ledger has them: a later change of terms does not rewrite the past.
    """
    books = _Books(
        terms, dict(grants), sorted(work, key=lambda piece: (piece.on, piece.key)), list(adjustments), list(top_ups)
    )
    return books.settle(until)


class _Books:
    """Walks the months once, holding the lots that are still usable."""

    def __init__(
        self,
        terms: Terms,
        grants: Mapping[date, int],
        work: Sequence[Work],
        adjustments: Sequence[Adjustment],
        top_ups: Sequence[TopUp],
    ) -> None:
        self.terms = terms
        self.grants = grants
        self.work = work
        self.adjustments = adjustments
        self.top_ups = top_ups
        self.lots = [_Lot(block.minutes, block.on, block.expires_on or FOREVER, is_top_up=True) for block in top_ups]
        self.splits: dict[int, Split] = {}

    def settle(self, until: date) -> Settlement:
        dates = [self.terms.starts_on, *(piece.on for piece in self.work)]
        dates += [*(change.on for change in self.adjustments), *(block.on for block in self.top_ups)]
        months = tuple(self._settle_month(month) for month in months_between(min(dates), until))
        return Settlement(months, self.splits)

    def _settle_month(self, month: date) -> Month:
        end = last_day(month)
        carried_in = self._monthly_left(month)
        granted = self._open(month)
        adjusted = sum(change.minutes for change in self.adjustments if month_of(change.on) == month)
        if adjusted > 0:
            self._add(adjusted, month)
        overdrawn = self._take(-adjusted, end) if adjusted < 0 else 0
        splits = [self._use(piece) for piece in self.work if month_of(piece.on) == month]
        left = sum(lot.minutes for lot in self.lots if lot.usable_from <= end and lot.usable_until >= end)
        expired = self._close(month)
        return Month(
            month=month,
            granted=granted,
            carried_in=carried_in,
            topped_up=sum(block.minutes for block in self.top_ups if month_of(block.on) == month),
            adjusted=adjusted,
            used=sum(split.covered + split.overage for split in splits),
            covered=sum(split.covered for split in splits),
            overage=sum(split.overage for split in splits) + overdrawn,
            expired=expired,
            carried_out=self._monthly_left(add_months(month, 1)),
            top_up_left=sum(lot.minutes for lot in self.lots if lot.is_top_up and lot.usable_from <= end),
            left=left,
        )

    def _open(self, month: date) -> int:
        granted = self.grants.get(month, 0)
        self._add(granted, month)
        return granted

    def _add(self, minutes: int, month: date) -> None:
        if minutes:
            self.lots.append(_Lot(minutes, month, self.terms.expiry_of_grant(month)))

    def _monthly_left(self, month: date) -> int:
        return sum(lot.minutes for lot in self.lots if not lot.is_top_up and lot.usable_until >= month)

    def _use(self, piece: Work) -> Split:
        overage = self._take(piece.minutes, piece.on)
        split = Split(covered=piece.minutes - overage, overage=overage)
        self.splits[piece.key] = split
        return split

    def _take(self, minutes: int, on: date) -> int:
        """Take minutes from the lots usable on a date, earliest expiry first; return what none covered."""
        usable = [lot for lot in self.lots if lot.usable_from <= on <= lot.usable_until]
        for lot in sorted(usable, key=lambda lot: (lot.usable_until, lot.usable_from)):
            taken = min(lot.minutes, minutes)
            lot.minutes -= taken
            minutes -= taken
        return minutes

    def _close(self, month: date) -> int:
        """Let expire what ends with the month, carry on what the rollover allows; return what expired."""
        end = last_day(month)
        ending = [lot for lot in self.lots if lot.usable_until <= end]
        left = sum(lot.minutes for lot in ending if not lot.is_top_up)
        lost = sum(lot.minutes for lot in ending if lot.is_top_up)
        self.lots = [lot for lot in self.lots if lot.usable_until > end and lot.minutes]
        kept = min(left, self.terms.cap_minutes) if self.terms.rollover == Rollover.CAPPED else 0
        if kept:
            following = add_months(month, 1)
            self.lots.append(_Lot(kept, following, last_day(following)))
        return left - kept + lost
