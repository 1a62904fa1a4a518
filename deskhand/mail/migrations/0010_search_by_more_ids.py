from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes are built concurrently, so that nobody waits for them

    dependencies = [("mail", "0009_copies_join")]

    operations = [
        AddIndexConcurrently("providermail", models.Index(fields=["provider_id"], name="provider_mail_id")),
        AddIndexConcurrently("inboundmail", GinIndex(fields=["envelope_to"], name="inbound_mail_envelope_to")),
    ]
