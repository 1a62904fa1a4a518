import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_user_email_unique_as_written"),
        ("mail", "0014_lanes"),
        ("tickets", "0012_search_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="mail",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="mail.outboundmail",
            ),
        ),
        migrations.AlterField(
            model_name="knownmessageid",
            name="ticket",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AlterField(
            model_name="outboundmail",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.message",
            ),
        ),
        migrations.AlterField(
            model_name="outboundmail",
            name="message_id",
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name="outboundmail",
            constraint=models.UniqueConstraint(fields=("message_id",), name="outbound_mail_message_id_once"),
        ),
    ]
