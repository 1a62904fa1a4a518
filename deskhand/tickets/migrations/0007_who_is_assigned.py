import django.contrib.postgres.fields
from django.db import migrations, models

# Several agents may be assigned, so that "mine" and "unassigned" are no columns of the ticket. Kept beside it by the
# database, whoever assigns, each of these views is a range of one small index.
KEEP = """
CREATE FUNCTION tickets_keep_assignee_ids() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_ticket bigint := COALESCE(NEW.ticket_id, OLD.ticket_id);
BEGIN
    UPDATE tickets_ticket SET assignee_ids = ARRAY(
        SELECT agent_id FROM tickets_assignment WHERE ticket_id = of_ticket ORDER BY id
    ) WHERE id = of_ticket;
    RETURN NULL;
END $$;
CREATE TRIGGER assignee_ids_kept AFTER INSERT OR DELETE ON tickets_assignment
    FOR EACH ROW EXECUTE FUNCTION tickets_keep_assignee_ids();
UPDATE tickets_ticket SET assignee_ids = found.ids
    FROM (SELECT ticket_id, array_agg(agent_id ORDER BY id) AS ids FROM tickets_assignment GROUP BY ticket_id) AS found
    WHERE tickets_ticket.id = found.ticket_id;
"""
LET_GO = """
DROP TRIGGER assignee_ids_kept ON tickets_assignment;
DROP FUNCTION tickets_keep_assignee_ids();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_rating_settings")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="assignee_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
