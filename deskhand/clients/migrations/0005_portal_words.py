from django.db import migrations, models

import deskhand.accounts.models
from deskhand.clients.help_texts import SHIPPED


def ship(apps, schema_editor):
    HelpSection = apps.get_model("clients", "HelpSection")
    for position, section in enumerate(SHIPPED):
        HelpSection.objects.create(
            public_id=section.public_id, title=section.title, document=section.document, position=position
        )


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_ticket_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="dismissed_announcement",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="contact",
            name="time_zone",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(blank=True, max_length=300)),
                ("version", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="announcement_one_row")],
            },
        ),
        migrations.CreateModel(
            name="HelpSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=deskhand.accounts.models.new_public_id, max_length=40, unique=True),
                ),
                ("title", models.CharField(max_length=120)),
                ("document", models.JSONField()),
                ("position", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="help_section_title_given"
                    )
                ],
            },
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
