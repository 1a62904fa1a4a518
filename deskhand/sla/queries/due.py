"""What periodic jobs have to look at."""

from datetime import datetime

from deskhand.sla.clockwork import CLOSED
from deskhand.sla.models import Alert, BusinessHours, Clock, Recalculation, TicketPolicy


def tickets_to_settle(now: datetime) -> list[int]:
    """Return the tickets with a warning or breach that has come and is not noted."""
    return sorted(set(Clock.objects.to_settle(now).values_list("ticket", flat=True)))


def tickets_to_alert(now: datetime) -> list[int]:
    """Return the tickets whose alert is to be repeated."""
    return list(Alert.objects.to_repeat(now).values_list("ticket", flat=True))


def tickets_to_recalculate(recalculation_id: int) -> list[int]:
    """Return the open tickets that a recalculation may still move."""
    recalculation = Recalculation.objects.select_related("hours_version").get(pk=recalculation_id)
    rows = TicketPolicy.objects.exclude(kind=CLOSED).order_by("ticket")
    if recalculation.hours_version is not None:
        rows = rows.filter(hours_version__hours=recalculation.hours_version.hours_id)
        rows = rows.filter(hours_version__number__lt=recalculation.hours_version.number)
    return list(rows.values_list("ticket", flat=True))


def hours_with_public_holidays() -> list[int]:
    """Return the business hours whose public holidays are kept up to date."""
    hours = BusinessHours.objects.filter(archived_at=None).exclude(holiday_country="")
    return list(hours.values_list("pk", flat=True))
