from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = ~models.Q(kind="closed")


class Migration(migrations.Migration):
    atomic = False  # indexes are built concurrently, so that nobody waits for them

    dependencies = [("tickets", "0010_site")]

    operations = [
        AddIndexConcurrently("ticket", models.Index(models.F("client"), condition=OPEN, name="ticket_client_open")),
        AddIndexConcurrently(
            "ticket", models.Index(models.F("requester"), condition=OPEN, name="ticket_requester_open")
        ),
    ]
