"""Settings → Response promise: hours, holidays, policies, on call."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db import models

from deskhand.accounts.models import Agent
from deskhand.allowances.queries import plan_names
from deskhand.clients.models import Client
from deskhand.mail.queries.mailboxes import list_mailboxes
from deskhand.sla.actions.holidays import NewHoliday
from deskhand.sla.actions.hours import NewHours
from deskhand.sla.actions.policies import NewPolicy
from deskhand.sla.calendars import WEEKDAYS, HoursOverlap, WorkingCalendar
from deskhand.sla.models import BusinessHours, Policy
from deskhand.sla.models.on_call import MOST_REPEAT_MINUTES
from deskhand.sla.models.policies import ANY_PLAN, METRICS
from deskhand.sla.public_holidays import countries
from deskhand.sla.targets import MOST_DAYS, Metric, Target, Unit
from deskhand.sla.wall_times import MINUTES_PER_DAY, Interval, WallTimeNotValid, minute_of, wall_time
from deskhand.tickets.models import Category, Kind, Priority, Source
from deskhand.web.forms import offering
from deskhand.workspace.forms.fields import Choice, Line, OneOf
from deskhand.workspace.forms.lengths import Day, hours_text
from deskhand.workspace.forms.week import StretchesField

MINUTES_PER_HOUR = 60
MOST_HOURS = MOST_DAYS * 24
RUNNING_KINDS = [Kind.OPEN, Kind.PENDING, Kind.SNOOZED, Kind.SPAM]
_GONE = dict.fromkeys(("invalid_choice", "invalid_pk_value", "list"), "One of the list is gone. Load the page again.")


class PromiseUnit(models.TextChoices):
    """What a promised time is counted in."""

    WORKING_DAYS = Unit.WORKING_DAYS.value, "working days"
    WORKING_MINUTES = Unit.WORKING_MINUTES.value, "working hours"
    CALENDAR_MINUTES = Unit.CALENDAR_MINUTES.value, "hours, day and night"


@cache
def zones() -> list[str]:
    """Return the names of all time zones, cities first, sorted."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))


class HoursForm(forms.Form):
    """Business hours: a name, a time zone, and the hours of each weekday."""

    name = Line(80, missing="Give the hours a name.")
    zone = forms.CharField(max_length=60, error_messages={"required": "Choose a time zone."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {f"day_{index}": StretchesField() for index in range(len(WEEKDAYS))}

    def clean_zone(self) -> str:
        """Refuse what is no time zone."""
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError("Choose a time zone from the list, such as Europe/London.")
        return zone

    def clean(self) -> dict[str, Any]:
        """Refuse a week without hours, and hours that overlap, each under its weekday."""
        cleaned = super().clean() or {}
        if any(self.has_error(f"day_{index}") for index in range(len(WEEKDAYS))):
            return cleaned
        week = self.week
        if not any(week):
            self.add_error("day_0", "Give at least one weekday working hours.")
        try:
            WorkingCalendar(ZoneInfo("UTC"), tuple(tuple(day) for day in week))
        except HoursOverlap as error:
            named = next((index for index, name in enumerate(WEEKDAYS) if name in str(error)), 0)
            self.add_error(f"day_{named}", str(error))
        return cleaned

    @property
    def week(self) -> list[list[Interval]]:
        """The seven lists of intervals, Monday's first."""
        return [self.cleaned_data.get(f"day_{index}") or [] for index in range(len(WEEKDAYS))]

    def hours(self) -> NewHours:
        """Return what was entered."""
        return NewHours(self.cleaned_data["name"], self.cleaned_data["zone"], self.week)


class PreviewForm(forms.Form):
    """How much time is to be added to now."""

    amount = forms.DecimalField(
        min_value=Decimal("0.1"),
        max_value=MOST_HOURS,
        decimal_places=2,
        max_digits=7,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Enter a number such as 8.",
        ),
    )
    unit = Choice(PromiseUnit)

    def clean(self) -> dict[str, Any]:
        """Refuse parts of days."""
        cleaned = super().clean() or {}
        problem = _amount_problem(cleaned.get("amount"), cleaned.get("unit"))
        if problem:
            self.add_error("amount", problem)
        return cleaned

    @property
    def length(self) -> int:
        """Days or minutes, as the unit wants them."""
        return _length(self.cleaned_data["amount"], self.cleaned_data["unit"])


class WallTimeField(forms.CharField):
    """A time of day up to 24:00, as minutes after midnight."""

    def __init__(self) -> None:
        super().__init__(max_length=5, required=False, error_messages={"max_length": "Write a time as 09:30."})

    def clean(self, value: Any) -> int | None:
        """Return the minutes, None where nothing was given."""
        text = str(super().clean(value)).strip()
        try:
            return minute_of(text) if text else None
        except WallTimeNotValid as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as a time of day."""
        return wall_time(value) if isinstance(value, int) else value


class HolidayForm(forms.Form):
    """A holiday of one's own: a day or a range, all day or part of each day."""

    name = Line(120, missing="Give the holiday a name; clients read it.")
    first_on = Day(missing="Choose the day.")
    last_on = Day()
    closed_from = WallTimeField()
    closed_until = WallTimeField()

    def holiday(self) -> NewHoliday:
        """Return what was entered; the last day defaults to the first, the times to the whole day."""
        given = self.cleaned_data
        until = given["closed_until"]
        return NewHoliday(
            name=given["name"],
            first_on=given["first_on"],
            last_on=given["last_on"] or given["first_on"],
            closed_from_minute=given["closed_from"] or 0,
            closed_until_minute=MINUTES_PER_DAY if until is None else until,
        )


class PlaceForm(forms.Form):
    """Whose public holidays are kept."""

    country = forms.ChoiceField(required=False, error_messages={"invalid_choice": "Choose a country from the list."})
    subdivision = forms.CharField(max_length=16, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering(self, "country").choices = country_choices()

    def clean(self) -> dict[str, Any]:
        """Forget the part of another country."""
        cleaned = super().clean() or {}
        parts = dict(subdivision_choices(cleaned.get("country", "")))
        if cleaned.get("subdivision") not in parts:
            cleaned["subdivision"] = ""
        return cleaned


def country_choices() -> list[tuple[str, str]]:
    """Return the countries whose public holidays are known."""
    return [("", "None"), *((country.code, country.name) for country in countries())]


def subdivision_choices(country: str) -> list[tuple[str, str]]:
    """Return the parts of a country, for a list; nothing where there are none."""
    parts = next((known.subdivisions for known in countries() if known.code == country), ())
    return [("", "The whole country"), *((part, part) for part in parts)] if parts else []


class CalendarForm(forms.Form):
    """An iCalendar file."""

    file = forms.FileField(
        error_messages={
            "required": "Choose a calendar file (.ics).",
            "empty": "This file is empty.",
            "invalid": "Choose a calendar file (.ics).",
            "missing": "Choose a calendar file (.ics).",
        }
    )


class PolicyForm(forms.Form):
    """A policy: which tickets it is for, in which hours it counts, and what it promises for each kind of clock."""

    name = Line(80, missing="Give the policy a name.")
    hours = OneOf(BusinessHours.objects.filter(archived_at=None).order_by("-is_default", "name"), missing="Choose.")
    categories = forms.ModelMultipleChoiceField(
        Category.objects.order_by("position", "id"), required=False, error_messages=_GONE
    )
    clients = forms.ModelMultipleChoiceField(Client.objects.none(), required=False, error_messages=_GONE)
    priorities = forms.MultipleChoiceField(choices=Priority.choices, required=False, error_messages=_GONE)
    sources = forms.MultipleChoiceField(choices=Source.choices, required=False, error_messages=_GONE)
    mailboxes = forms.MultipleChoiceField(required=False, error_messages=_GONE)
    plans = forms.MultipleChoiceField(required=False, error_messages=_GONE)
    applies_to_open = forms.BooleanField(required=False)

    def __init__(self, *args: Any, viewer: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering(self, "clients").queryset = Client.objects.visible_to(viewer).order_by("name")
        offering(self, "mailboxes").choices = [(box.id, box.address) for box in list_mailboxes()]
        offering(self, "plans").choices = _plan_choices(self.initial.get("plans", []))
        for metric, _ in METRICS:
            self.fields[f"{metric}_amount"] = _amount_field()
            self.fields[f"{metric}_unit"] = Choice(PromiseUnit)
            self.fields[f"{metric}_kinds"] = forms.MultipleChoiceField(
                choices=[(kind.value, kind.label) for kind in RUNNING_KINDS], required=False, error_messages=_GONE
            )
            self.fields[f"{metric}_warn"] = _amount_field()

    def clean(self) -> dict[str, Any]:
        """Refuse times that cannot be promised, each under its field."""
        cleaned = super().clean() or {}
        for metric, _ in METRICS:
            amount = cleaned.get(f"{metric}_amount")
            problem = _amount_problem(amount, cleaned.get(f"{metric}_unit"))
            if problem:
                self.add_error(f"{metric}_amount", problem)
            if amount is not None and not cleaned.get(f"{metric}_kinds") and not self.has_error(f"{metric}_kinds"):
                self.add_error(f"{metric}_kinds", "Choose at least one status in which the clock runs.")
        return cleaned

    def policy(self) -> NewPolicy:
        """Return what was entered; raises TargetNotValid."""
        given = self.cleaned_data
        return NewPolicy(
            name=given["name"],
            hours_id=given["hours"].pk,
            targets=list(self._targets()),
            category_ids=[category.pk for category in given["categories"]],
            client_ids=[client.pk for client in given["clients"]],
            priorities=[Priority(int(value)) for value in given["priorities"]],
            sources=[Source(value) for value in given["sources"]],
            mailbox_ids=[int(value) for value in given["mailboxes"]],
            plan_names=given["plans"],
        )

    def _targets(self) -> Iterator[Target]:
        given = self.cleaned_data
        for metric, _ in METRICS:
            amount, unit = given[f"{metric}_amount"], given[f"{metric}_unit"]
            if amount is not None:
                yield Target(
                    metric=Metric(metric),
                    amount=_length(amount, unit),
                    unit=Unit(unit.value),
                    kinds=frozenset(given[f"{metric}_kinds"]),
                    warn_minutes=round((given[f"{metric}_warn"] or 0) * MINUTES_PER_HOUR),
                )


def policy_initial(policy: Policy | None) -> dict[str, Any]:
    """Return what a policy says, for its form; a new one promises nothing yet."""
    initial: dict[str, Any] = {"applies_to_open": False}
    for metric, _ in METRICS:
        initial |= _target_initial(Metric(metric), None)
    if policy is None:
        return initial
    for row in policy.targets.all():
        initial |= _target_initial(Metric(row.metric), row.target)
    return initial | {
        "name": policy.name,
        "hours": policy.hours_id,
        "categories": [category.pk for category in policy.categories.all()],
        "clients": [client.pk for client in policy.clients.all()],
        "priorities": policy.priorities,
        "sources": policy.sources,
        "mailboxes": policy.mailbox_ids,
        "plans": policy.plan_names,
    }


def _plan_choices(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Offer every name that plans have, those chosen earlier, and all of them at once; nothing where there is none."""
    names = sorted({*plan_names(), *chosen} - {ANY_PLAN})
    return [(ANY_PLAN, "Any plan"), *((name, name) for name in names)] if names or chosen else []


def _target_initial(metric: Metric, target: Target | None) -> dict[str, Any]:
    if target is None:
        kinds: Sequence[str] = [Kind.OPEN.value, Kind.PENDING.value, Kind.SNOOZED.value]
        return {f"{metric}_amount": None, f"{metric}_unit": PromiseUnit.WORKING_DAYS.value, f"{metric}_kinds": kinds}
    in_days = target.unit is Unit.WORKING_DAYS
    return {
        f"{metric}_amount": str(target.amount) if in_days else hours_number(target.amount),
        f"{metric}_unit": target.unit.value,
        f"{metric}_kinds": sorted(target.kinds),
        f"{metric}_warn": hours_number(target.warn_minutes) if target.warn_minutes else None,
    }


def hours_number(minutes: int) -> str:
    """Return minutes as a decimal number of hours."""
    text = hours_text(minutes)
    return text if ":" not in text else f"{Decimal(minutes) / MINUTES_PER_HOUR:.2f}"


class RemovalForm(forms.Form):
    """Whether open tickets are matched anew once a policy is gone."""

    applies_to_open = forms.BooleanField(required=False)


class OnCallForm(forms.Form):
    """Who is called for business critical tickets, and how often."""

    agents = forms.ModelMultipleChoiceField(Agent.objects.none(), required=False, error_messages=_GONE)
    repeat_minutes = forms.IntegerField(
        min_value=1,
        max_value=MOST_REPEAT_MINUTES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Enter minutes: a whole number from 1 to {MOST_REPEAT_MINUTES}.",
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering(self, "agents").queryset = Agent.objects.active()


def _amount_field() -> forms.DecimalField:
    names = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        required=False,
        min_value=Decimal("0.02"),
        max_value=MOST_HOURS,
        decimal_places=2,
        max_digits=7,
        error_messages=dict.fromkeys(names, f"Enter a number above 0, at most {MOST_HOURS}."),
    )


def _amount_problem(amount: Decimal | None, unit: PromiseUnit | None) -> str:
    if amount is None or unit != PromiseUnit.WORKING_DAYS:
        return ""
    return "" if amount % 1 == 0 and amount <= MOST_DAYS else f"Enter whole days, at most {MOST_DAYS}."


def _length(amount: Decimal, unit: PromiseUnit) -> int:
    return int(amount) if unit == PromiseUnit.WORKING_DAYS else max(1, round(amount * MINUTES_PER_HOUR))
