from django.db import migrations, models

# A mail's own job named its lane, too, and took others of it along.
OWN_JOBS = "UPDATE procrastinate_jobs SET args = args - 'lane' WHERE task_name = 'mail.process_inbound'"

# A try is counted in the row itself: with room in its page, that touches no index.
ROOM = "ALTER TABLE mail_inboundmail SET (fillfactor = 50)"
FULL = "ALTER TABLE mail_inboundmail RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("mail", "0013_jobs_that_share_a_lock")]

    operations = [
        migrations.AddField("inboundmail", "lane", models.PositiveSmallIntegerField(default=0)),
        migrations.RemoveIndex("inboundmail", "inbound_mail_pending"),
        migrations.AddIndex(
            "inboundmail",
            models.Index(
                fields=["lane", "received_at", "id"],
                condition=models.Q(verdict="pending"),
                name="inbound_mail_pending",
            ),
        ),
        migrations.RunSQL(OWN_JOBS, migrations.RunSQL.noop),
        migrations.RunSQL(ROOM, FULL),
    ]
