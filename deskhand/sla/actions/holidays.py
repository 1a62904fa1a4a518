"""Adding, changing and removing holidays; public ones from the library, and those of a calendar file."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from deskhand.core.text import one_line
from deskhand.events import Act
from deskhand.sla.actions.hours import locked_hours, publish
from deskhand.sla.calendar_files import FileHoliday, read_calendar_file
from deskhand.sla.models import BusinessHours, Holiday
from deskhand.sla.models.hours import HolidaySource
from deskhand.sla.public_holidays import public_holidays as library_holidays
from deskhand.sla.public_holidays import refuse_unknown_place
from deskhand.sla.wall_times import MINUTES_PER_DAY

NAME_LIMIT = 120
MOST_DAYS = 366
YEARS_AHEAD = 2


class HolidayNotValid(ValueError):
    """This holiday cannot be used; the message says what to change."""


@dataclass(frozen=True)
class NewHoliday:
    """A holiday: its dates, both included, and from when until when the desk is closed on each of them."""

    name: str
    first_on: date
    last_on: date
    closed_from_minute: int = 0
    closed_until_minute: int = MINUTES_PER_DAY


@transaction.atomic
def add_holiday(*, hours_id: int, new: NewHoliday, act: Act) -> Holiday:
    """Add a holiday of one's own; open tickets are then counted anew. Raises HolidayNotValid, HoursNotValid."""
    hours = locked_hours(hours_id)
    holiday = Holiday(hours=hours)
    _fill(holiday, new)
    publish(hours, reason=f"Holiday added: {holiday.name}", act=act)
    return holiday


@transaction.atomic
def change_holiday(*, holiday_id: int, new: NewHoliday, act: Act) -> Holiday:
    """Change a holiday of one's own. Raises HolidayNotValid, HoursNotValid."""
    holiday, hours = _locked(holiday_id)
    if holiday.source == HolidaySource.LIBRARY:
        raise HolidayNotValid("Public holidays are kept as the library has them. Work on this one, and add your own.")
    _fill(holiday, new)
    publish(hours, reason=f"Holiday changed: {holiday.name}", act=act)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, act: Act) -> None:
    """Remove a holiday. A public one stays in the list as one on which the desk works (`set_worked`)."""
    holiday, hours = _locked(holiday_id)
    if holiday.source == HolidaySource.LIBRARY:
        holiday.ignored_at = holiday.ignored_at or act.at
        holiday.save(update_fields=["ignored_at"])
    else:
        holiday.delete()
    publish(hours, reason=f"Holiday removed: {holiday.name}", act=act)


@transaction.atomic
def set_worked(*, holiday_id: int, is_worked: bool, act: Act) -> None:
    """Work on a public holiday all the same, or no longer. Raises HoursNotValid."""
    holiday, hours = _locked(holiday_id)
    if is_worked == (holiday.ignored_at is not None):
        return
    holiday.ignored_at = act.at if is_worked else None
    holiday.save(update_fields=["ignored_at"])
    words = "Holiday is worked" if is_worked else "Holiday is kept"
    publish(hours, reason=f"{words}: {holiday.name}", act=act)


@transaction.atomic
def set_public_holidays(*, hours_id: int, country: str, act: Act, subdivision: str = "") -> None:
    """Keep the public holidays of a country or one of its parts; an empty country removes them.

    Raises UnknownPlace, HoursNotValid.
    """
    refuse_unknown_place(country, subdivision)
    hours = locked_hours(hours_id)
    if (hours.holiday_country, hours.holiday_subdivision) != (country, subdivision):
        hours.holidays.filter(source=HolidaySource.LIBRARY).delete()
        hours.holiday_country, hours.holiday_subdivision = country, subdivision
        hours.save(update_fields=["holiday_country", "holiday_subdivision"])
    _refresh(hours, act=act)


@transaction.atomic
def refresh_public_holidays(*, hours_id: int, act: Act) -> None:
    """Bring public holidays up to date, this year's and those of the next two years; the past stays as it was."""
    _refresh(locked_hours(hours_id), act=act)


@transaction.atomic
def import_calendar_file(*, hours_id: int, content: bytes, act: Act) -> int:
    """Add the holidays of an iCalendar file and return how many were new or changed.

    Uploading it again changes nothing. Raises CalendarFileNotValid, HoursNotValid.
    """
    hours = locked_hours(hours_id)
    found = read_calendar_file(
        content, zone=hours.zone, first_year=act.at.year - 1, last_year=act.at.year + YEARS_AHEAD
    )
    changed = sum(_keep_from_file(hours, holiday) for holiday in found)
    publish(hours, reason="Calendar file read", act=act)
    return changed


def _locked(holiday_id: int) -> tuple[Holiday, BusinessHours]:
    holiday = Holiday.objects.get(pk=holiday_id)
    hours = locked_hours(holiday.hours_id)
    return Holiday.objects.select_for_update().get(pk=holiday_id), hours


def _fill(holiday: Holiday, new: NewHoliday) -> None:
    name = one_line(new.name)
    if not name or len(name) > NAME_LIMIT:
        raise HolidayNotValid(f"Give the holiday a name of at most {NAME_LIMIT} characters; clients read it.")
    if new.last_on < new.first_on:
        raise HolidayNotValid("The last day comes before the first.")
    if (new.last_on - new.first_on).days >= MOST_DAYS:
        raise HolidayNotValid("A holiday lasts at most a year.")
    if not 0 <= new.closed_from_minute < new.closed_until_minute <= MINUTES_PER_DAY:
        raise HolidayNotValid("On a half day, closing ends after it begins, by 24:00 at the latest.")
    holiday.name, holiday.first_on, holiday.last_on = name, new.first_on, new.last_on
    holiday.closed_from_minute, holiday.closed_until_minute = new.closed_from_minute, new.closed_until_minute
    holiday.save()


def _refresh(hours: BusinessHours, *, act: Act) -> None:
    place = "-".join(filter(None, [hours.holiday_country, hours.holiday_subdivision]))
    years = range(act.at.year, act.at.year + YEARS_AHEAD + 1)
    wanted = dict(library_holidays(hours.holiday_country, hours.holiday_subdivision, years)) if place else {}
    present = hours.holidays.filter(source=HolidaySource.LIBRARY, first_on__year__gte=act.at.year)
    kept = {}
    for holiday in present:
        if wanted.get(holiday.first_on) == holiday.name:
            kept[holiday.first_on] = holiday
        else:
            holiday.delete()
    Holiday.objects.bulk_create(
        Holiday(hours=hours, name=name, first_on=day, last_on=day, source=HolidaySource.LIBRARY, source_key=place)
        for day, name in wanted.items()
        if day not in kept
    )
    publish(hours, reason=f"Public holidays: {place or 'none'}", act=act)


def _keep_from_file(hours: BusinessHours, found: FileHoliday) -> bool:
    """Write one holiday of a file; return whether that changed anything."""
    values = {"name": found.name, "last_on": found.last_on, "closed_until_minute": found.closed_until_minute}
    holiday, is_new = Holiday.objects.get_or_create(
        hours=hours,
        source=HolidaySource.ICAL,
        source_key=found.key,
        first_on=found.first_on,
        closed_from_minute=found.closed_from_minute,
        defaults=values,
    )
    if is_new or all(getattr(holiday, name) == value for name, value in values.items()):
        return is_new
    Holiday.objects.filter(pk=holiday.pk).update(**values)
    return True
