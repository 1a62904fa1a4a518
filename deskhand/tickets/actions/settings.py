"""Settings → Tickets."""

from django.db import transaction

from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.events import TicketSettingsChanged
from deskhand.tickets.models import TicketSettings
from deskhand.tickets.models.labels import AfterReply


@transaction.atomic
def change_ticket_settings(*, after_reply: AfterReply, reopen_within_days: int, act: Act) -> None:
    """Set what becomes of a ticket after a reply, and for how many days a late answer reopens it (0: always)."""
    TicketSettings.objects.bulk_create([TicketSettings(pk=1)], ignore_conflicts=True)
    settings = TicketSettings.objects.select_for_update().get(pk=1)
    wanted = {"after_reply": str(after_reply), "reopen_within_days": reopen_within_days}
    changes = {
        field: [getattr(settings, field), new] for field, new in wanted.items() if getattr(settings, field) != new
    }
    if not changes:
        return
    settings.after_reply, settings.reopen_within_days = after_reply, reopen_within_days
    settings.save(update_fields=list(changes))
    record(TicketSettingsChanged(subject_id=1, changes=changes), act=act)
