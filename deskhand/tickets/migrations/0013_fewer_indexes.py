import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import deskhand.accounts.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_user_email_unique_as_written"),
        ("clients", "0008_invitations"),
        ("tickets", "0012_search_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="author",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="public_id",
            field=models.CharField(default=deskhand.accounts.models.new_public_id, max_length=22),
        ),
        migrations.AlterField(
            model_name="message",
            name="ticket",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="tickets.ticket",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="client",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="clients.client",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="public_id",
            field=models.CharField(default=deskhand.accounts.models.new_public_id, max_length=22),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="requester",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="clients.contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("public_id",), name="message_public_id_once"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(fields=("public_id",), name="ticket_public_id_once"),
        ),
    ]
