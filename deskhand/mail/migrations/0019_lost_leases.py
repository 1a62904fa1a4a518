from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0018_imap_epoch")]

    operations = [
        migrations.AddField("delivery", "lost_leases", models.PositiveSmallIntegerField(default=0)),
    ]
