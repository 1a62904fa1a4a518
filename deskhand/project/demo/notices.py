"""What the demo's agents were told lately. Nobody is mailed about a past that never was."""

from datetime import datetime, timedelta

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.notifications.actions.telling import tell
from deskhand.notifications.happenings import Happening
from deskhand.notifications.models import Notification

TOLD_DAYS = 4
READ_AFTER_HOURS = 20
_JOBS = ["notifications.tell", "notifications.alert_contacts"]


def tell_lately(*, now: datetime) -> None:
    """Tell of the last days what the workers would have told by now, the older part of it read; drop their jobs."""
    waiting = ProcrastinateJob.objects.filter(task_name="notifications.tell").order_by("id")
    happenings = [Happening.from_arguments(job.args) for job in waiting]
    lately = [one for one in happenings if one.at > now - timedelta(days=TOLD_DAYS)]
    for happening in sorted(lately, key=lambda one: one.at):
        tell(happening, now=happening.at)
    read = Notification.objects.filter(happened_at__lte=now - timedelta(hours=READ_AFTER_HOURS))
    read.update(read_at=now)
    Notification.objects.to_mail().update(mail_settled_at=now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = ANY(%s)", [_JOBS])
