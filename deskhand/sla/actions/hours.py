"""Saving business hours, and publishing their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.sla.calendars import HoursOverlap, WorkingCalendar
from deskhand.sla.events import HoursChanged, HoursRemoved
from deskhand.sla.models import BusinessHours, HoursVersion, OpeningHours, Recalculation
from deskhand.sla.wall_times import Interval
from deskhand.sla.working_time import NeverOpen, next_opening

NAME_LIMIT = 80


class HoursNotValid(ValueError):
    """These business hours cannot be used; the message says what to change."""


@dataclass(frozen=True)
class NewHours:
    """What business hours say: a name, an IANA zone, and seven lists of intervals, Monday's first."""

    name: str
    zone: str
    week: Sequence[Sequence[Interval]]


@transaction.atomic
def save_hours(*, new: NewHours, act: Act, hours_id: int | None = None) -> BusinessHours:
    """Make business hours, or change those of `hours_id`; open tickets are then counted anew. Raises HoursNotValid."""
    hours = locked_hours(hours_id) if hours_id else BusinessHours()
    _refuse_unusable(new)
    hours.name, hours.zone = one_line(new.name), new.zone
    with unless_taken("business_hours_name_unique", HoursNotValid(f"There are hours named “{hours.name}” already.")):
        hours.save()
    hours.openings.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            hours=hours, weekday=weekday, starts_minute=interval.starts_minute, ends_minute=interval.ends_minute
        )
        for weekday, intervals in enumerate(new.week)
        for interval in intervals
    )
    publish(hours, reason="Business hours changed" if hours_id else "Business hours added", act=act)
    return hours


@transaction.atomic
def archive_hours(*, hours_id: int, act: Act) -> None:
    """Put business hours away. Raises HoursNotValid for the default, and while a policy counts in them."""
    hours = locked_hours(hours_id)
    if hours.is_default:
        raise HoursNotValid("The default hours cannot be removed; change them instead.")
    policies = ", ".join(hours.policies.filter(archived_at=None).order_by("name").values_list("name", flat=True))
    if policies:
        raise HoursNotValid(f"These hours are used by: {policies}. Choose others there first.")
    hours.archived_at = act.at
    hours.save(update_fields=["archived_at"])
    record(HoursRemoved(subject_id=hours.pk, name=hours.name), act=act)


def locked_hours(hours_id: int) -> BusinessHours:
    """Return business hours with their row locked until the transaction ends."""
    return BusinessHours.objects.select_for_update().get(pk=hours_id, archived_at=None)


def publish(hours: BusinessHours, *, reason: str, act: Act) -> HoursVersion:
    """Keep locked hours as they stand now as a new version, unless nothing changed, and record it.

    Raises HoursNotValid when the desk would not open within three years.
    """
    newest = hours.versions.order_by("-number").first()
    content = {"zone": hours.zone, "week": _week(hours), "closures": _closures(hours)}
    if newest is not None and all(getattr(newest, name) == value for name, value in content.items()):
        return newest
    version = HoursVersion(hours=hours, number=newest.number + 1 if newest else 1, made_at=act.at, **content)
    try:
        next_opening(version.calendar, act.at)
    except NeverOpen as error:
        raise HoursNotValid(str(error)) from error
    version.save()
    recalculation = Recalculation.objects.create(
        hours_version=version, reason=reason, made_at=act.at, made_by_id=act.actor_id
    )
    fact = HoursChanged(
        subject_id=hours.pk,
        name=hours.name,
        reason=reason,
        version=version.number,
        recalculation_id=recalculation.pk,
    )
    record(fact, act=act)
    return version


def _week(hours: BusinessHours) -> list[list[list[int]]]:
    week: list[list[list[int]]] = [[] for _ in range(7)]
    for opening in hours.openings.order_by("weekday", "starts_minute"):
        week[opening.weekday].append([opening.starts_minute, opening.ends_minute])
    return week


def _closures(hours: BusinessHours) -> dict[str, Any]:
    closures: dict[str, list[list[Any]]] = {}
    for holiday in hours.holidays.observed().in_order():
        closure = holiday.closure
        for day in holiday.dates:
            closures.setdefault(day.isoformat(), []).append([closure.name, closure.starts_minute, closure.ends_minute])
    return dict(sorted(closures.items()))


def _refuse_unusable(new: NewHours) -> None:
    if not 0 < len(one_line(new.name)) <= NAME_LIMIT:
        raise HoursNotValid(f"Give the hours a name of at most {NAME_LIMIT} characters.")
    if new.zone not in available_timezones():
        raise HoursNotValid(f"“{new.zone}” is no time zone. Choose one such as Europe/London.")
    if not any(new.week):
        raise HoursNotValid("Give at least one weekday working hours.")
    try:
        WorkingCalendar(ZoneInfo(new.zone), tuple(tuple(intervals) for intervals in new.week))
    except HoursOverlap as error:
        raise HoursNotValid(str(error)) from error
