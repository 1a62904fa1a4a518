"""Settings → Tickets."""

from django.db import transaction

from deskhand.core.changes import put
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.events import TicketSettingsChanged
from deskhand.tickets.models import RatingRequest, TicketSettings
from deskhand.tickets.models.labels import AfterReply


@transaction.atomic
def change_ticket_settings(
    *,
    after_reply: AfterReply,
    reopen_within_days: int,
    act: Act,
    rating: RatingRequest | None = None,
    rating_days: int | None = None,
) -> None:
    """Set what becomes of a ticket after a reply, for how many days a late answer reopens it (0: always).

    `rating` and `rating_days` say how ratings are asked for; None leaves them as they are.
    """
    TicketSettings.objects.bulk_create([TicketSettings(pk=1)], ignore_conflicts=True)
    settings = TicketSettings.objects.select_for_update().get(pk=1)
    wanted = {
        "after_reply": str(after_reply),
        "reopen_within_days": reopen_within_days,
        "rating": str(rating or settings.rating),
        "rating_days": settings.rating_days if rating_days is None else rating_days,
    }
    if changes := put(settings, wanted):
        record(TicketSettingsChanged(subject_id=1, changes=changes), act=act)
