"""What tests of promises use again and again."""

from datetime import UTC, datetime

from deskhand.events.models import Event
from deskhand.sla.actions.clocks import finish_recalculation, recalculate_ticket
from deskhand.sla.actions.policies import NewPolicy, save_policy
from deskhand.sla.models import BusinessHours, Clock, Policy, Recalculation
from deskhand.sla.queries.due import tickets_to_recalculate
from deskhand.sla.targets import Metric, Target, Unit
from deskhand.tickets.models import Ticket
from tests.cast import NOON, act_by
from tests.sla.calendars import CALENDARS, moment

EVERYWHERE = frozenset({"open", "pending", "snoozed"})
FIRST = Target(Metric.FIRST_RESPONSE, 2, Unit.WORKING_DAYS, EVERYWHERE, warn_minutes=120)
NEXT = Target(Metric.NEXT_RESPONSE, 480, Unit.WORKING_MINUTES, frozenset({"open"}), warn_minutes=60)
UPDATE = Target(Metric.UPDATE, 3, Unit.WORKING_DAYS, frozenset({"open"}))
SOLVED = Target(Metric.RESOLUTION, 48 * 60, Unit.CALENDAR_MINUTES, frozenset({"open"}), warn_minutes=240)


def at(text: str) -> datetime:
    """Return "Wed 2026-11-18 10:00" in London as UTC."""
    return moment(CALENDARS["office"], text).astimezone(UTC)


def office() -> BusinessHours:
    """Return the shipped hours."""
    return BusinessHours.objects.get(is_default=True)


def promise(*targets: Target) -> Policy:
    """Make the default policy promise these."""
    policy = Policy.objects.get(is_default=True)
    new = NewPolicy(name=policy.name, hours_id=policy.hours_id, targets=targets)
    return save_policy(policy_id=policy.pk, new=new, act=act_by(None))


def clocks(ticket: Ticket) -> dict[str, Clock]:
    """Return the newest clock of each metric of a ticket."""
    return {clock.metric: clock for clock in Clock.objects.filter(ticket=ticket).order_by("position")}


def first_response(ticket: Ticket) -> Clock:
    """Return the newest first-response clock of a ticket."""
    return clocks(ticket)["first_response"]


def kinds(ticket: Ticket, prefix: str = "sla.") -> list[str]:
    """Return the kinds of the ticket's events about promises, oldest first."""
    events = Event.objects.about("ticket", ticket.pk)
    return [event.kind for event in events if event.kind.startswith(prefix)]


def run_recalculation(*, at: datetime = NOON) -> None:
    """Do what the worker would do about the newest change of hours or policies."""
    recalculation = Recalculation.objects.order_by("-pk")[0]
    for ticket_id in tickets_to_recalculate(recalculation.pk):
        recalculate_ticket(ticket_id=ticket_id, recalculation_id=recalculation.pk, act=act_by(None, at=at))
    finish_recalculation(recalculation_id=recalculation.pk, at=at)
