from django.db import migrations, models

# Until now the wording of its reason told what waits.
FILL = """
UPDATE mail_inboundmail SET waits_for_mailbox = true
WHERE verdict = 'held' AND entry_id IS NULL AND reason LIKE 'The mailbox % is switched off.'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0016_first_tried_at"),
        ("tickets", "0013_fewer_indexes"),
    ]

    operations = [
        migrations.AddField("inboundmail", "waits_for_mailbox", models.BooleanField(default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "inboundmail",
            models.CheckConstraint(
                condition=models.Q(
                    ("waits_for_mailbox", False), models.Q(("entry", None), ("verdict", "held")), _connector="OR"
                ),
                name="inbound_mail_waits_when_held",
            ),
        ),
    ]
