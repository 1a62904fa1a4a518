"""Settings → Allowances."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from deskhand.allowances.events import AllowanceSettingsChanged
from deskhand.allowances.models import AllowanceSettings
from deskhand.core.changes import put
from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.models import Category

LONGEST_STEP = 60
LONGEST_MINIMUM = 8 * 60
LONGEST_LOCK = 365
WORDS_LIMIT = 400


class AllowanceSettingsNotValid(ValueError):
    """These settings cannot be used; the message says what to change."""


@dataclass(frozen=True)
class NewAllowanceSettings:
    """How work is charged, when months become final, and what clients read once a month is used up."""

    rounding_minutes: int
    minimum_minutes: int
    lock_after_days: int
    used_up_words: str
    free_categories: Iterable[Category] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.rounding_minutes <= LONGEST_STEP:
            raise AllowanceSettingsNotValid(f"Round up to steps of 1 to {LONGEST_STEP} minutes.")
        if not 0 <= self.minimum_minutes <= LONGEST_MINIMUM:
            raise AllowanceSettingsNotValid(f"Charge at least 0 to {LONGEST_MINIMUM} minutes.")
        if not 0 <= self.lock_after_days <= LONGEST_LOCK:
            raise AllowanceSettingsNotValid(f"Lock months 0 to {LONGEST_LOCK} days after their end.")
        if not one_line(self.used_up_words) or len(one_line(self.used_up_words)) > WORDS_LIMIT:
            raise AllowanceSettingsNotValid(f"Write what clients read, in at most {WORDS_LIMIT} characters.")


@transaction.atomic
def change_allowance_settings(*, new: NewAllowanceSettings, act: Act) -> None:
    """Change the settings; what was charged before stays. The same values again change nothing."""
    settings = AllowanceSettings.objects.select_for_update().get(pk=1)
    wanted: dict[str, int | str] = {
        "rounding_minutes": new.rounding_minutes,
        "minimum_minutes": new.minimum_minutes,
        "lock_after_days": new.lock_after_days,
        "used_up_words": one_line(new.used_up_words),
    }
    changes = put(settings, wanted)
    before = list(settings.free_categories.order_by("pk"))
    free = sorted(new.free_categories, key=lambda category: category.pk)
    if free != before:
        settings.free_categories.set(free)
        changes["free_categories"] = [", ".join(map(str, categories)) for categories in (before, free)]
    if changes:
        record(AllowanceSettingsChanged(subject_id=1, changes=changes), act=act)
