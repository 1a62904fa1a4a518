"""Deferring a job that must wait at most once, inside the caller's transaction; and dropping it again."""

from enum import IntEnum
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from deskhand.core.prepared import rows_of

# Workers pass over a job that is held. They hear of it again when the transaction that held it is committed; the text
# is the library's own notice of a new job.
_HOLD = """
SELECT pg_notify(
    'procrastinate_queue_v1#' || queue_name, json_build_object('type', 'job_inserted', 'job_id', id)::text
) FROM (
    SELECT id, queue_name FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR KEY SHARE
) AS waiting
"""
INCOMING = "incoming"
"""The queue of mail that came in: it is read one by one in each process of the worker, and holds nothing else back."""


class Urgency(IntEnum):
    """What goes first while much waits: a thousand mails that come in must not hold back one sign-in link."""

    ALERT = 30
    OUTGOING = 20
    INCOMING = 10
    """Before telling the team of it, so that a flood is read at once. Jobs that name none have 0."""


def defer_once(task: "Task[Any, Any, Any]", *, lock: str | None, queueing_lock: str, **arguments: int) -> None:
    """Defer the task unless one with the same `queueing_lock` waits. It commits or rolls back with the caller."""
    _is_deferred(task, lock=lock, queueing_lock=queueing_lock, **arguments)


def _is_deferred(task: "Task[Any, Any, Any]", *, lock: str | None, queueing_lock: str, **arguments: int) -> bool:
    try:
        with transaction.atomic():
            task.configure(lock=lock, queueing_lock=queueing_lock).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def defer_after_this(task: "Task[Any, Any, Any]", *, lock: str | None, queueing_lock: str, **arguments: int) -> None:
    """Let a job with this `queueing_lock` begin after the caller's transaction, whose rows it then sees.

    The one that waits already is held until then, or one is deferred.
    """
    while not rows_of(_HOLD, [queueing_lock]):
        if _is_deferred(task, lock=lock, queueing_lock=queueing_lock, **arguments):
            return
