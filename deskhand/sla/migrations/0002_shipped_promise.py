from django.conf import settings
from django.db import migrations
from django.db.models.functions import Now

VERSIONS_STAY = """
CREATE FUNCTION sla_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of hours and policies never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sla_hoursversion_stays BEFORE UPDATE ON sla_hoursversion
    FOR EACH ROW EXECUTE FUNCTION sla_version_stays();
CREATE TRIGGER sla_policyversion_stays BEFORE UPDATE ON sla_policyversion
    FOR EACH ROW EXECUTE FUNCTION sla_version_stays();
"""
VERSIONS_MAY_CHANGE = """
DROP TRIGGER sla_hoursversion_stays ON sla_hoursversion;
DROP TRIGGER sla_policyversion_stays ON sla_policyversion;
DROP FUNCTION sla_version_stays();
"""

NINE, HALF_PAST_FIVE = 9 * 60, 17 * 60 + 30
FIRST_RESPONSE = {
    "metric": "first_response",
    "amount": 2,
    "unit": "working_days",
    "kinds": ["open", "pending", "snoozed"],
    "warn_minutes": 120,
}


def ship(apps, schema_editor):
    """Promise a first response within two working days, Monday to Friday 09:00 to 17:30 in the desk's zone."""
    hours = apps.get_model("sla", "BusinessHours").objects.create(
        name="Office hours", zone=settings.TIME_ZONE, is_default=True
    )
    for weekday in range(5):
        hours.openings.create(weekday=weekday, starts_minute=NINE, ends_minute=HALF_PAST_FIVE)
    hours.versions.create(
        number=1,
        zone=hours.zone,
        week=[[[NINE, HALF_PAST_FIVE]]] * 5 + [[], []],
        closures={},
        made_at=Now(),
    )
    policy = apps.get_model("sla", "Policy").objects.create(name="Everything", hours=hours, is_default=True)
    policy.targets.create(**FIRST_RESPONSE)
    policy.versions.create(number=1, name=policy.name, hours=hours, targets=[FIRST_RESPONSE], made_at=Now())


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]

    operations = [
        migrations.RunSQL(VERSIONS_STAY, VERSIONS_MAY_CHANGE),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
