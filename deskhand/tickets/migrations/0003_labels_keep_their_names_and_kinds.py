from django.db import migrations, models

# Behavior follows the kind, so that every kind must have a status to put a ticket in, whoever deletes one.
KEEP_ONE = """
CREATE FUNCTION tickets_keep_a_status_of_each_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM tickets_status WHERE kind = OLD.kind) THEN
        RAISE EXCEPTION 'the last status of kind % cannot be removed', OLD.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'status_kind_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER status_kind_kept AFTER DELETE OR UPDATE OF kind ON tickets_status
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION tickets_keep_a_status_of_each_kind();
"""
LET_GO = """
DROP TRIGGER status_kind_kept ON tickets_status;
DROP FUNCTION tickets_keep_a_status_of_each_kind();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_numbers_and_labels")]

    operations = [
        *(
            migrations.AddConstraint(
                name, models.CheckConstraint(condition=~models.Q(name=""), name=f"{name}_name_given")
            )
            for name in ("status", "category", "tag")
        ),
        migrations.RunSQL(KEEP_ONE, LET_GO),
    ]
