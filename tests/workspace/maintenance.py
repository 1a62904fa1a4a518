"""Plans and logged time for tests of pages, which take the day from the clock: all days are counted from today."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.allowances.actions.locking import lock_months
from deskhand.allowances.actions.plans import NewPlan, start_plan
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.allowances.models import Plan, TimeEntry
from deskhand.allowances.months import add_months, month_of
from deskhand.clients.models import Client
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by


def today() -> date:
    """Return the desk's date."""
    return timezone.localdate()


def months_ago(count: int) -> date:
    """Return the first day of an earlier month."""
    return add_months(month_of(today()), -count)


def maintained(cast: Cast, client: Client | None = None, **terms: Any) -> Plan:
    """Give a client (Acme) a plan of eight hours that began this month, or with other terms."""
    new = NewPlan(**{"name": "Care", "minutes_per_month": 480, "starts_on": month_of(today()), **terms})
    return start_plan(client=client or cast.acme, new=new, today=today(), act=act_by(cast.ada.user, at=now()))


def worked(
    cast: Cast, ticket: Ticket, minutes: int = 60, *, on: date | None = None, agent: Agent | None = None, **more: Any
) -> TimeEntry:
    """Log work as Ben, today, or otherwise."""
    agent = agent or cast.ben
    new = NewTime(**{"work_on": on or today(), "actual_minutes": minutes, "description": "Fixed it", **more})
    return log_time(ticket_id=ticket.pk, agent=agent, new=new, today=today(), act=act_by(agent.user, at=now()))


def locked(plan: Plan) -> None:
    """Make every month before the last one final."""
    day = months_ago(0) + timedelta(days=1)
    lock_months(plan_id=plan.pk, today=day, act=act_by(None, at=now()))


def now() -> datetime:
    """Return noon of today."""
    return timezone.make_aware(datetime.combine(today(), time(12)))
