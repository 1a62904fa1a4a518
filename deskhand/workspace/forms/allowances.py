"""Plans, what is done to them by hand, logged time, and the settings of allowances."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models

from deskhand.allowances.actions.plans import NewPlan
from deskhand.allowances.actions.settings import LONGEST_LOCK, LONGEST_MINIMUM, LONGEST_STEP, WORDS_LIMIT
from deskhand.allowances.actions.time import LONGEST_MINUTES, NewTime
from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import Overage
from deskhand.tickets.models import Category
from deskhand.workspace.forms.fields import Choice, Line
from deskhand.workspace.forms.lengths import Day, HoursField, MinutesField

FARTHEST = timedelta(days=3660)
MOST_MONTHS = 60


class Limit(models.TextChoices):
    """Whether a plan counts down."""

    HOURS = "hours", "So many hours a month"
    NONE = "none", "No limit: time is counted, nothing runs out"


class RolloverChoice(models.TextChoices):
    """What becomes of unused time."""

    NONE = Rollover.NONE.value, "It is gone at the end of the month"
    CAPPED = Rollover.CAPPED.value, "Some of it carries over to the next month"
    EXPIRING = Rollover.EXPIRING.value, "It carries over, and expires after some months"


class OverageChoice(models.TextChoices):
    """What happens once nothing is left."""

    ALLOWED = Overage.ALLOWED.value, "Work goes on, and is shown as over"
    NEEDS_APPROVAL = Overage.NEEDS_APPROVAL.value, "Work goes on once the client approved an estimate"
    STOP = Overage.STOP.value, "No work can be logged"


class PlanForm(forms.Form):
    """A new plan and its terms."""

    name = Line(80, missing="Give the plan a name, such as Maintenance.")
    site = Line(253)
    limit = Choice(Limit)
    hours = HoursField()
    starts_on = Day(missing="Choose from when the plan runs.")
    rollover = Choice(RolloverChoice)
    cap = HoursField()
    expires_after_months = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages={
            "invalid": "Enter a number of months.",
            "min_value": "Enter 1 month or more.",
            "max_value": f"Enter at most {MOST_MONTHS} months.",
        },
    )
    overage = Choice(OverageChoice)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_starts_on(self) -> date:
        """Refuse a start that must be a slip of the pen."""
        starts_on: date = self.cleaned_data["starts_on"]
        if abs(starts_on - self.today) > FARTHEST:
            raise forms.ValidationError("That is more than ten years away. Check the year.")
        return starts_on

    def clean(self) -> dict[str, Any]:
        """Ask for the figures that the choices need."""
        cleaned = super().clean() or {}
        if cleaned.get("limit") == Limit.HOURS and not cleaned.get("hours") and not self.has_error("hours"):
            self.add_error("hours", "Enter how many hours a month the plan grants.")
        if cleaned.get("limit") == Limit.NONE:
            cleaned |= {"hours": 0, "rollover": RolloverChoice.NONE}
        rollover = cleaned.get("rollover")
        if rollover == RolloverChoice.CAPPED and not cleaned.get("cap") and not self.has_error("cap"):
            self.add_error("cap", "Enter how many hours may carry over.")
        needs_months = rollover == RolloverChoice.EXPIRING and not cleaned.get("expires_after_months")
        if needs_months and not self.has_error("expires_after_months"):
            self.add_error("expires_after_months", "Enter after how many months unused time expires.")
        return cleaned

    def terms(self) -> NewPlan:
        """Return the plan; raises PlanNotValid where its terms do not fit together."""
        given = self.cleaned_data
        rollover = Rollover(given["rollover"].value)
        return NewPlan(
            name=given["name"],
            site=given["site"],
            minutes_per_month=given["hours"] or 0,
            is_unlimited=given["limit"] == Limit.NONE,
            starts_on=given["starts_on"],
            rollover=rollover,
            cap_minutes=given["cap"] or 0 if rollover == Rollover.CAPPED else 0,
            expires_after_months=given["expires_after_months"] or 0 if rollover == Rollover.EXPIRING else 0,
            overage=Overage(given["overage"].value),
        )


class EndForm(forms.Form):
    """When a plan ends."""

    ends_on = Day(missing="Choose the plan's last day.")


class AdjustmentForm(forms.Form):
    """Minutes given or taken by hand."""

    minutes = MinutesField(missing="Enter the time to add, or with a minus the time to take.")
    on = Day(missing="Choose the day it counts for.")
    reason = Line(300, missing="Say why, in a few words. The client reads it on the statement.")


class TopUpForm(forms.Form):
    """A block of bought minutes."""

    hours = HoursField(missing="Enter how many hours were bought.")
    on = Day(missing="Choose from when they can be used.")
    expires_on = Day()


class ReopeningForm(forms.Form):
    """Why a final month is opened again."""

    reason = Line(300, missing="Say why the month is opened again.")


class TimeForm(forms.Form):
    """Logged work. What is charged follows the rules unless something else is entered."""

    work_on = Day(missing="Choose the day the work was done.")
    actual = MinutesField(missing="Enter the time worked, such as 20, 1:15 or 1h 15m.")
    description = Line(500, missing="Say in a few words what was done.")
    charged = MinutesField()
    charge_note = Line(300)

    def clean_actual(self) -> int:
        """Refuse nothing, less, and more than a day."""
        minutes: int = self.cleaned_data["actual"]
        if not 0 < minutes <= LONGEST_MINUTES:
            raise forms.ValidationError("Enter more than nothing and at most a day.")
        return minutes

    def clean_charged(self) -> int | None:
        """Refuse less than nothing and more than a day."""
        minutes: int | None = self.cleaned_data["charged"]
        if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
            raise forms.ValidationError("Enter 0 or more, and at most a day.")
        return minutes

    def clean(self) -> dict[str, Any]:
        """Ask why, where something else is charged."""
        cleaned = super().clean() or {}
        if cleaned.get("charged") is not None and not cleaned.get("charge_note") and not self.has_error("charge_note"):
            self.add_error("charge_note", "Say why you charge other than the rules do.")
        return cleaned

    def work(self) -> NewTime:
        """Return the work; raises TimeNotValid."""
        given = self.cleaned_data
        return NewTime(
            work_on=given["work_on"],
            actual_minutes=given["actual"],
            description=given["description"],
            charged_minutes=given["charged"],
            charge_note=given["charge_note"] if given["charged"] is not None else "",
        )


def _whole(what: str, least: int, most: int) -> forms.IntegerField:
    complaint = f"Enter {what}: a whole number from {least} to {most}."
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(min_value=least, max_value=most, error_messages=dict.fromkeys(names, complaint))


class AllowanceSettingsForm(forms.Form):
    """Settings → Allowances."""

    rounding_minutes = _whole("minutes", 1, LONGEST_STEP)
    minimum_minutes = _whole("minutes", 0, LONGEST_MINIMUM)
    lock_after_days = _whole("days", 0, LONGEST_LOCK)
    used_up_words = Line(WORDS_LIMIT, missing="Write what clients read once the month is used up.")
    free_categories = forms.ModelMultipleChoiceField(
        Category.objects.order_by("position", "id"),
        required=False,
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid_pk_value", "list"), "A category of the list is gone. Load the page again."
        ),
    )
