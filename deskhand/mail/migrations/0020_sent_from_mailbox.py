from django.db import migrations, models

# What still waits, that is; of all that went out, the address goes on to tell.
FILL = """
UPDATE mail_outboundmail AS mail SET mailbox_id = box.id
FROM mail_mailbox AS box
WHERE mail.from_address = box.address AND mail.id IN (
    SELECT mail_id FROM mail_delivery WHERE state IN ('queued', 'deferred', 'sending')
)
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0019_lost_leases")]

    operations = [
        migrations.AddField(
            "outboundmail",
            "mailbox",
            models.ForeignKey("mail.mailbox", models.PROTECT, null=True, related_name="+", db_index=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
