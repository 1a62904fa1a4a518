"""Everything periodic, on one page. Times are UTC (cron: minute, hour, day of month, month, day of week)."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from deskhand.allowances.tasks import turn_months
from deskhand.mail.tasks import sweep_inbound, sweep_outbox
from deskhand.project.tasks import retry_stalled_jobs

PERIODIC: tuple[tuple[str, Task[Any, Any, Any]], ...] = (
    ("* * * * *", retry_stalled_jobs),
    ("* * * * *", sweep_outbox),
    ("*/5 * * * *", sweep_inbound),
    ("3 * * * *", turn_months),
)

for cron, task in PERIODIC:
    app.periodic(cron=cron)(task)
