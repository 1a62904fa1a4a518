import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0003_mailboxes_and_plans"),
        ("tickets", "0012_search_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="ticket",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
            ),
        ),
    ]
