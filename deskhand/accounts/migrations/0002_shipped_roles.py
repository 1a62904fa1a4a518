from django.db import migrations

REPLYING = ["tickets:reply", "tickets:team_message", "tickets:note", "tickets:change"]
AGENT = [*REPLYING, "tickets:assign", "tickets:create", "clients:view", "clients:contact_details"]
ROLES = [
    ("admin", "Admin", [*AGENT, "mail:log", "settings:manage"], "all"),
    ("manager", "Manager", [*AGENT, "mail:log"], "all"),
    ("agent", "Agent", AGENT, "all"),
    ("contractor", "Contractor", REPLYING, "assigned"),
]


def ship(apps, schema_editor):
    Role = apps.get_model("accounts", "Role")
    for slug, name, permissions, visibility in ROLES:
        Role.objects.create(slug=slug, name=name, permissions=permissions, visibility=visibility)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
