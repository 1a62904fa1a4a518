"""Jobs of the machinery itself."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

SILENT_SECONDS = 60.0
MOST_ATTEMPTS = 10

logger = logging.getLogger(__name__)


@app.task(name="project.retry_stalled_jobs", queueing_lock="project.retry_stalled_jobs", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks are told the time
    """Give jobs whose worker was killed to another one. Jobs are safe to run twice.

    A job that ended its worker ten times over is given up, and can be seen among the failed ones.
    """
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts >= MOST_ATTEMPTS:
            logger.error("giving up job %s (%s): its workers kept dying", job.id, job.task_name)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            logger.warning("retrying job %s (%s): its worker died", job.id, job.task_name)
            await _retry(job)


async def _retry(job: Job) -> None:
    """Let a job wait again, unless another one of which only one may wait does so already and will do its work."""
    try:
        await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
    except UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
