from django.db import migrations, models

WHO_SEES = [
    ("all", "All tickets"),
    ("team", "Tickets of their teams, and their own"),
    ("unassigned", "Unassigned tickets, and their own"),
    ("assigned", "Their own tickets"),
]


def let_staff_change_clients(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=["admin", "manager", "agent"]):
        if "clients:change" not in role.permissions:
            role.permissions = [*role.permissions, "clients:change"]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_shipped_roles")]

    operations = [
        migrations.AddField("user", "session_epoch", models.PositiveIntegerField(default=0)),
        migrations.AlterField("role", "visibility", models.CharField(choices=WHO_SEES, max_length=12)),
        migrations.AddConstraint("desk", models.CheckConstraint(condition=~models.Q(name=""), name="desk_name_given")),
        migrations.AddConstraint("team", models.CheckConstraint(condition=~models.Q(name=""), name="team_name_given")),
        migrations.RunPython(let_staff_change_clients, migrations.RunPython.noop),
    ]
