from django.db import migrations

# What is on its way was tried first soon after it was written. What waits untried gets its time when it is taken up,
# and what is settled needs none; so only the few rows that the partial indexes name are written.
FILL = """
UPDATE mail_delivery SET first_tried_at = mail.created_at FROM mail_outboundmail AS mail
WHERE mail.id = mail_id AND first_tried_at IS NULL AND state = 'deferred'
"""
FILL_LEASED = FILL.replace("deferred", "sending")


class Migration(migrations.Migration):
    dependencies = [("mail", "0015_fewer_indexes")]

    operations = [
        migrations.RenameField("delivery", "asked_again_at", "first_tried_at"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FILL_LEASED, migrations.RunSQL.noop),
    ]
