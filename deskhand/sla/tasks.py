"""Jobs of promises: each loads by id and calls one action, and may run twice."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from deskhand.events import Act, Via
from deskhand.sla.actions.clocks import finish_recalculation, recalculate_ticket, settle_clocks
from deskhand.sla.actions.holidays import refresh_public_holidays
from deskhand.sla.actions.on_call import repeat_alert
from deskhand.sla.queries.due import (
    hours_with_public_holidays,
    tickets_to_alert,
    tickets_to_recalculate,
    tickets_to_settle,
)


def _system_act(at: datetime) -> Act:
    return Act(actor=None, at=at, via=Via.SYSTEM)


@app.task(name="sla.recalculate", lock="sla.recalculate", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def recalculate(recalculation_id: int) -> None:
    """Count open tickets anew, each in its own transaction, and log what moved."""
    for ticket_id in tickets_to_recalculate(recalculation_id):
        act = _system_act(datetime.now(UTC))
        recalculate_ticket(ticket_id=ticket_id, recalculation_id=recalculation_id, act=act)
    finish_recalculation(recalculation_id=recalculation_id, at=datetime.now(UTC))


@app.task(name="sla.settle_clocks", queueing_lock="sla.settle_clocks")
def settle_due_clocks(timestamp: int) -> None:
    """Record the warnings and breaches that time has brought. Periodic."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for ticket_id in tickets_to_settle(now):
        settle_clocks(ticket_id=ticket_id, act=_system_act(now))


@app.task(name="sla.repeat_alerts", queueing_lock="sla.repeat_alerts")
def repeat_alerts(timestamp: int) -> None:
    """Alert the on-call agents again where nobody took a ticket on. Periodic."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for ticket_id in tickets_to_alert(now):
        repeat_alert(ticket_id=ticket_id, act=_system_act(now))


@app.task(name="sla.refresh_public_holidays", queueing_lock="sla.refresh_public_holidays")
def refresh_all_public_holidays(timestamp: int) -> None:
    """Bring public holidays up to date, so that those of the next years are always known. Periodic."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for hours_id in hours_with_public_holidays():
        refresh_public_holidays(hours_id=hours_id, act=_system_act(now))
