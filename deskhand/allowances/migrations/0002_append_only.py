from django.db import migrations

FORWARD = """
CREATE FUNCTION allowances_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER allowances_entry_append_only BEFORE UPDATE OR DELETE ON allowances_entry
    FOR EACH ROW EXECUTE FUNCTION allowances_entry_is_append_only();
"""
BACKWARD = """
DROP TRIGGER allowances_entry_append_only ON allowances_entry;
DROP FUNCTION allowances_entry_is_append_only();
"""


def free_bug_reports(apps, schema_editor):
    settings = apps.get_model("allowances", "AllowanceSettings").objects.create(pk=1)
    bugs = apps.get_model("tickets", "Category").objects.filter(slug="bug")
    settings.free_categories.set(bugs)


class Migration(migrations.Migration):
    dependencies = [("allowances", "0001_initial"), ("tickets", "0002_numbers_and_labels")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(free_bug_reports, migrations.RunPython.noop),
    ]
