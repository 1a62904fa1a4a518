"""The on-call list, and alerts for business critical tickets."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.core.changes import joining_and_leaving
from deskhand.events import Act, Via
from deskhand.events.recording import record
from deskhand.sla.events import AlertAcknowledged, OnCallAlerted, OnCallChanged
from deskhand.sla.models import Alert, OnCall, OnCallSettings
from deskhand.sla.models.on_call import MOST_REPEAT_MINUTES
from deskhand.sla.queries.on_call import agents_to_alert
from deskhand.tickets.actions.locking import locked
from deskhand.tickets.models import Kind


class OnCallNotValid(ValueError):
    """The on-call list cannot be saved; the message says what to change."""


@transaction.atomic
def set_on_call(*, agent_ids: Sequence[int], repeat_minutes: int, act: Act) -> None:
    """Make exactly these agents on call, alerted every so many minutes. Raises OnCallNotValid."""
    if not 1 <= repeat_minutes <= MOST_REPEAT_MINUTES:
        raise OnCallNotValid("Repeat alerts after 1 minute at least and a day at most.")
    settings, _ = OnCallSettings.objects.select_for_update().get_or_create(pk=1)
    present = [row.agent for row in OnCall.objects.select_related("agent__user")]
    added, removed = joining_and_leaving(Agent.objects.active().filter(pk__in=agent_ids), present)
    if not added and not removed and settings.repeat_minutes == repeat_minutes:
        return
    settings.repeat_minutes = repeat_minutes
    settings.save()
    OnCall.objects.filter(agent__in=removed).delete()
    OnCall.objects.bulk_create(OnCall(agent=agent, since=act.at) for agent in added)
    fact = OnCallChanged(
        subject_id=settings.pk,
        added_names=sorted(agent.name for agent in added),
        removed_names=sorted(agent.name for agent in removed),
        repeat_minutes=repeat_minutes,
    )
    record(fact, act=act)


@transaction.atomic(savepoint=False)
def raise_alert(*, ticket_id: int, act: Act) -> Alert | None:
    """Alert the on-call agents if the ticket is business critical and they were not; return the new alert."""
    ticket = locked(ticket_id)
    at_rest = ticket.kind in {Kind.CLOSED, Kind.SPAM}
    if at_rest or ticket.category is None or not ticket.category.is_business_critical:
        return None
    alert, is_new = Alert.objects.get_or_create(
        ticket=ticket, defaults={"raised_at": act.at, "repeat_at": act.at + _pause()}
    )
    if not is_new:
        return None
    _record(alert, act=act)
    return alert


@transaction.atomic
def repeat_alert(*, ticket_id: int, act: Act) -> None:
    """Alert again if nobody took the ticket on and it is time; otherwise nothing happens."""
    locked(ticket_id)
    alert = Alert.objects.to_repeat(act.at).filter(ticket=ticket_id).first()
    if alert is None:
        return
    alert.raised_count += 1
    alert.repeat_at = act.at + _pause()
    alert.save(update_fields=["raised_count", "repeat_at"])
    _record(alert, act=act)


@transaction.atomic
def acknowledge_alert(*, ticket_id: int, act: Act) -> None:
    """End the alerts of a ticket: someone takes it on, or it came to rest. Without one, nothing happens."""
    locked(ticket_id)
    alert = Alert.objects.unanswered().filter(ticket=ticket_id).first()
    if alert is None:
        return
    alert.acknowledged_at, alert.acknowledged_by_id = act.at, act.actor_id
    alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(AlertAcknowledged(subject_id=ticket_id, alert_id=alert.pk), act=act)


def _pause() -> timedelta:
    return timedelta(minutes=OnCallSettings.current().repeat_minutes)


def _record(alert: Alert, *, act: Act) -> None:
    fact = OnCallAlerted(
        subject_id=alert.ticket_id,
        alert_id=alert.pk,
        agent_ids=[agent.pk for agent in agents_to_alert()],
        count=alert.raised_count,
    )
    record(fact, act=Act(actor=None, at=act.at, via=Via.SYSTEM))
