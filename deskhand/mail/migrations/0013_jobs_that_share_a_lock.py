from django.db import migrations

# Workers hear of jobs that are deferred, not of locks that become free: what waited for one would wait until somebody
# polls. The text is that of the library's own notice of a new job.
WAKE = """
CREATE FUNCTION mail_wake_for_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'procrastinate_queue_v1#' || next.queue_name,
        json_build_object('type', 'job_inserted', 'job_id', next.id)::text
    ) FROM (
        SELECT id, queue_name FROM procrastinate_jobs
        WHERE status = 'todo' AND lock = OLD.lock ORDER BY priority DESC, id LIMIT 1
    ) AS next;
    RETURN NULL;
END;
$$;
CREATE TRIGGER mail_wake_for_lock_updated AFTER UPDATE OF status ON procrastinate_jobs FOR EACH ROW
    WHEN (OLD.status = 'doing' AND NEW.status NOT IN ('doing', 'todo') AND OLD.lock IS NOT NULL)
    EXECUTE FUNCTION mail_wake_for_lock();
CREATE TRIGGER mail_wake_for_lock_deleted AFTER DELETE ON procrastinate_jobs FOR EACH ROW
    WHEN (OLD.status = 'doing' AND OLD.lock IS NOT NULL)
    EXECUTE FUNCTION mail_wake_for_lock();
CREATE INDEX mail_job_waits_for_lock ON procrastinate_jobs (lock, priority DESC, id) WHERE status = 'todo';
"""
LET_SLEEP = """
DROP INDEX mail_job_waits_for_lock;
DROP TRIGGER mail_wake_for_lock_deleted ON procrastinate_jobs;
DROP TRIGGER mail_wake_for_lock_updated ON procrastinate_jobs;
DROP FUNCTION mail_wake_for_lock();
"""
# A queue that no worker works any more.
ONE_QUEUE = "UPDATE procrastinate_jobs SET queue_name = 'default' WHERE queue_name = 'allowances'"


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0012_ways_out"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(WAKE, LET_SLEEP), migrations.RunSQL(ONE_QUEUE, migrations.RunSQL.noop)]
