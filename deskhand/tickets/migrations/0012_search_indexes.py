from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes are built concurrently, so that nobody waits for them

    dependencies = [("tickets", "0011_open_of_client")]

    operations = [
        AddIndexConcurrently("ticket", models.Index(models.F("queue_at").desc(), models.F("id"), name="ticket_newest")),
        AddIndexConcurrently("ticket", GinIndex(fields=["subject_words"], name="ticket_subject_words")),
    ]
