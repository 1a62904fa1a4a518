from django.db import migrations, models

EPOCH = models.PositiveIntegerField(default=0)
POSITION = ("account", "epoch", "folder", "uid_validity")


class Migration(migrations.Migration):
    dependencies = [("mail", "0017_waits_for_mailbox")]

    operations = [
        migrations.AddField("imapaccount", "epoch", EPOCH),
        migrations.AddField("imapposition", "epoch", EPOCH),
        migrations.AddField("imapmail", "epoch", EPOCH),
        migrations.RemoveConstraint("imapposition", "imap_position_once"),
        migrations.RemoveConstraint("imapmail", "imap_mail_once"),
        migrations.AddConstraint("imapposition", models.UniqueConstraint(fields=POSITION, name="imap_position_once")),
        migrations.AddConstraint("imapmail", models.UniqueConstraint(fields=(*POSITION, "uid"), name="imap_mail_once")),
    ]
