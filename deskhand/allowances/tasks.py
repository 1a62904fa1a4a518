"""Jobs of this app. They are safe to run twice."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from deskhand.allowances.actions.locking import lock_months
from deskhand.allowances.actions.plans import grant_months
from deskhand.allowances.models import Plan
from deskhand.events import Act, Via


@app.task(queueing_lock="allowances.turn_months", pass_context=False)
def turn_months(timestamp: int) -> None:
    """Grant the months that began and lock those that ended long enough ago, in the desk's time zone."""
    at = datetime.fromtimestamp(timestamp, UTC)
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    act = Act(actor=None, at=at, via=Via.SYSTEM)
    for plan_id in Plan.objects.values_list("pk", flat=True):
        grant_months(plan_id=plan_id, today=today, act=act)
        lock_months(plan_id=plan_id, today=today, act=act)
