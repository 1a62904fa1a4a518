import time

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.project.tasks import MOST_ATTEMPTS, SILENT_SECONDS, retry_stalled_jobs

pytestmark = pytest.mark.django_db


def job_of_worker(*, silent_seconds: float, attempts: int = 0, queueing_lock: str | None = None) -> int:
    """Write the rows that a worker leaves which took a job and was last heard of then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_seconds],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, args, status, attempts, worker_id, queueing_lock, abort_requested)"
            " VALUES ('default', 'project.some_task', '{}', 'doing', %s, %s, %s, false) RETURNING id",
            [attempts, worker, queueing_lock],
        )
        (job,) = cursor.fetchone()
    return int(job)


def status_after_sweep(job: int) -> str:
    async_to_sync(retry_stalled_jobs.func)(timestamp=int(time.time()))
    return str(ProcrastinateJob.objects.get(pk=job).status)


def test_takes_a_job_from_a_worker_that_died() -> None:
    assert status_after_sweep(job_of_worker(silent_seconds=SILENT_SECONDS * 2)) == "todo"


def test_leaves_a_job_with_a_worker_that_lives() -> None:
    assert status_after_sweep(job_of_worker(silent_seconds=0)) == "doing"


def test_gives_up_a_job_whose_workers_keep_dying() -> None:
    job = job_of_worker(silent_seconds=SILENT_SECONDS * 2, attempts=MOST_ATTEMPTS)
    assert status_after_sweep(job) == "failed"


@pytest.mark.django_db(transaction=True)
def test_ends_a_job_whose_work_another_one_waits_to_do_and_goes_on() -> None:
    stalled = job_of_worker(silent_seconds=SILENT_SECONDS * 2, queueing_lock="only-one")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock, abort_requested)"
            " VALUES ('default', 'project.some_task', '{}', 'todo', 'only-one', false)"
        )
    assert status_after_sweep(job_of_worker(silent_seconds=SILENT_SECONDS * 2)) == "todo"
    assert not ProcrastinateJob.objects.filter(pk=stalled).exists()
    assert ProcrastinateJob.objects.get(queueing_lock="only-one").status == "todo"
