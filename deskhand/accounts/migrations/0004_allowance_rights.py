from django.db import migrations

FIGURES = ["time:log", "allowances:view"]
RIGHTS = {
    "admin": [*FIGURES, "allowances:manage"],
    "manager": [*FIGURES, "allowances:manage"],
    "agent": FIGURES,
    "contractor": ["time:log"],
}


def grant(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=RIGHTS):
        missing = [right for right in RIGHTS[role.slug] if right not in role.permissions]
        if missing:
            role.permissions = [*role.permissions, *missing]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_session_epoch_and_client_changes")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
