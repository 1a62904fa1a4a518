"""Maintenance plans for tests of pages, which are asked for in the present: everything is dated from it."""

from datetime import date
from typing import Any

from django.utils import timezone

from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.allowances.models import Plan
from deskhand.allowances.months import add_months, month_of
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by


def today() -> date:
    """Return the desk's day."""
    return timezone.localdate()


def start(cast: Cast, **terms: Any) -> Plan:
    """Start a plan of eight hours a month for Acme, three months ago."""
    new = NewPlan(**{"name": "Care", "minutes_per_month": 480, "starts_on": add_months(month_of(today()), -3), **terms})
    return start_plan(client=cast.acme, new=new, today=today(), act=act_by(cast.ada.user, at=timezone.now()))


def log(cast: Cast, ticket: Ticket, minutes: int, *, on: date | None = None) -> None:
    """Log work of Ben's on a ticket."""
    new = NewTime(work_on=on or today(), actual_minutes=minutes, description="Mended it")
    log_time(ticket_id=ticket.pk, agent=cast.ben, new=new, today=today(), act=act_by(cast.ben.user, at=timezone.now()))
