"""Business hours with their holidays, and the versions that promises are counted in."""

from datetime import date, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from deskhand.sla.calendars import Closure, WorkingCalendar
from deskhand.sla.wall_times import MINUTES_PER_DAY, Interval

_WEEKDAYS = range(7)


class BusinessHours(models.Model):
    """When the desk works: a named week in one time zone. One row is the default; it cannot be removed."""

    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=60)
    """IANA name."""
    holiday_country = models.CharField(max_length=8, blank=True)
    """Whose public holidays are kept up to date, as the `holidays` library names it; empty for none."""
    holiday_subdivision = models.CharField(max_length=16, blank=True)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(archived_at=None), name="business_hours_name_unique"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at=None), name="business_hours_default_stays"
            ),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="business_hours_default"),
            models.CheckConstraint(condition=~Q(name=""), name="business_hours_name_given"),
            models.CheckConstraint(
                condition=Q(holiday_subdivision="") | ~Q(holiday_country=""), name="business_hours_subdivision_of"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One stretch of working hours on a weekday (0 is Monday); an end beyond 1440 is on the next day."""

    hours = models.ForeignKey(BusinessHours, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hours", "weekday", "starts_minute"], name="opening_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lt=len(_WEEKDAYS)), name="opening_hours_weekday"),
            models.CheckConstraint(
                condition=Q(starts_minute__lt=MINUTES_PER_DAY)
                & Q(ends_minute__gt=F("starts_minute"))
                & Q(ends_minute__lte=F("starts_minute") + MINUTES_PER_DAY),
                name="opening_hours_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.interval}"

    @property
    def interval(self) -> Interval:
        """The stretch as the arithmetic takes it."""
        return Interval(self.starts_minute, self.ends_minute)


class HolidaySource(models.TextChoices):
    """Where a holiday comes from."""

    OWN = "own", "Added here"
    LIBRARY = "library", "Public holiday"
    ICAL = "ical", "Calendar file"


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Chainable filters over holidays."""

    def observed(self) -> Self:
        """Keep those on which the desk is closed."""
        return self.filter(ignored_at=None)

    def in_order(self) -> Self:
        """Sort by date."""
        return self.order_by("first_on", "last_on", "name", "id")


class Holiday(models.Model):
    """Dates on which the desk is closed, all day or between two minutes of each day."""

    hours = models.ForeignKey(BusinessHours, models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=120)
    first_on = models.DateField()
    last_on = models.DateField()
    """The last date, included; the same as the first for a single day."""
    closed_from_minute = models.PositiveSmallIntegerField(default=0)
    closed_until_minute = models.PositiveSmallIntegerField(default=MINUTES_PER_DAY)
    source = models.CharField(max_length=7, choices=HolidaySource.choices, default=HolidaySource.OWN)
    source_key = models.CharField(max_length=250, blank=True)
    """What the source calls it, so that reading the source again changes nothing; empty for one's own."""
    ignored_at = models.DateTimeField(null=True)
    """Set for a public holiday on which the desk works all the same."""

    objects: ClassVar[HolidayQuerySet] = HolidayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="holiday_name_given"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="holiday_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(closed_until_minute__gt=F("closed_from_minute"))
                & Q(closed_until_minute__lte=MINUTES_PER_DAY),
                name="holiday_minutes_of_a_day",
            ),
            models.CheckConstraint(condition=Q(source__in=HolidaySource.values), name="holiday_source_known"),
            models.UniqueConstraint(
                fields=["hours", "source", "source_key", "first_on", "closed_from_minute"],
                condition=~Q(source=HolidaySource.OWN),
                name="holiday_of_a_source_once",
            ),
        ]
        indexes = [models.Index(fields=["hours", "first_on"], name="holiday_hours")]

    def __str__(self) -> str:
        return f"{self.name} {self.first_on}"

    @property
    def is_whole_day(self) -> bool:
        """Whether the desk is closed from midnight to midnight."""
        return (self.closed_from_minute, self.closed_until_minute) == (0, MINUTES_PER_DAY)

    @property
    def closure(self) -> Closure:
        """What it closes on each of its dates."""
        return Closure(self.name, self.closed_from_minute, self.closed_until_minute)

    @property
    def dates(self) -> list[date]:
        """Every date it covers."""
        return [self.first_on + timedelta(days=day) for day in range((self.last_on - self.first_on).days + 1)]


class HoursVersion(models.Model):
    """Business hours and holidays as they stood at one time. Never changed: promises made in it stay explained."""

    hours = models.ForeignKey(BusinessHours, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=60)
    week = models.JSONField()
    """Seven lists, Monday's first, of [starts_minute, ends_minute]."""
    closures = models.JSONField()
    """Date → list of [name, starts_minute, ends_minute]."""
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hours", "number"], name="hours_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.hours_id}"

    @property
    def calendar(self) -> WorkingCalendar:
        """The calendar to count in; built anew at each call."""
        week = tuple(tuple(Interval(*pair) for pair in day) for day in self.week)
        closures = {
            date.fromisoformat(day): tuple(Closure(*closure) for closure in closed)
            for day, closed in self.closures.items()
        }
        return WorkingCalendar(ZoneInfo(self.zone), week, closures)
