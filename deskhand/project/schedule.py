"""Everything periodic, on one page. Times are UTC (cron: minute, hour, day of month, month, day of week)."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from deskhand.allowances.tasks import turn_months
from deskhand.mail.tasks import purge_quarantine, sweep_inbound, sweep_outbox
from deskhand.notifications.tasks import sweep_notices
from deskhand.project.tasks import retry_stalled_jobs
from deskhand.sla.tasks import refresh_all_public_holidays, repeat_alerts, settle_due_clocks

PERIODIC: tuple[tuple[str, Task[Any, Any, Any]], ...] = (
    ("* * * * *", retry_stalled_jobs),
    ("* * * * *", sweep_outbox),
    ("* * * * *", sweep_notices),
    ("*/5 * * * *", sweep_inbound),
    ("40 3 * * *", purge_quarantine),
    ("* * * * *", settle_due_clocks),
    ("* * * * *", repeat_alerts),
    ("20 3 * * *", refresh_all_public_holidays),
    ("3 * * * *", turn_months),
)

for cron, task in PERIODIC:
    app.periodic(cron=cron)(task)
