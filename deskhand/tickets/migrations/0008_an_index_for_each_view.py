from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

_LIVING = ~Q(kind="closed")
_QUEUE = (F("turn"), F("queue_at").desc(), F("id"))

# Turn follows from kind; taken for independent, the queue is held to be so short that its index is passed over.
KNOW = "CREATE STATISTICS ticket_kind_turn (mcv) ON kind, turn FROM tickets_ticket"
FORGET = "DROP STATISTICS ticket_kind_turn"


class Migration(migrations.Migration):
    atomic = False  # indexes are built concurrently, so that nobody waits for them

    dependencies = [("tickets", "0007_who_is_assigned")]

    operations = [
        *(
            AddIndexConcurrently("ticket", index)
            for index in (
                models.Index(*_QUEUE, name="ticket_queue", condition=_LIVING, include=["assignee_ids"]),
                models.Index(*_QUEUE, name="ticket_unassigned", condition=_LIVING & Q(assignee_ids=[])),
                models.Index("due_on", name="ticket_due", condition=_LIVING & Q(due_on__isnull=False)),
                models.Index(
                    "needed_by_on", name="ticket_needed_by", condition=_LIVING & Q(needed_by_on__isnull=False)
                ),
                models.Index("client", F("queue_at").desc(), name="ticket_client_recent"),
            )
        ),
        RemoveIndexConcurrently("ticket", "ticket_inbox"),
        migrations.RunSQL(KNOW, FORGET),
    ]
