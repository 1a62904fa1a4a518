"""Deferring a job that must wait at most once, inside the caller's transaction; and dropping it again."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

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
    try:
        with transaction.atomic():
            task.configure(lock=lock, queueing_lock=queueing_lock).defer(**arguments)
    except AlreadyEnqueued:
        return


def defer_first(task: "Task[Any, Any, Any]", *, lock: str | None, queueing_lock: str, **arguments: int) -> None:
    """Defer the first job of something made in this transaction, whose `queueing_lock` nobody else can know yet."""
    task.configure(lock=lock, queueing_lock=queueing_lock).defer(**arguments)


def drop_waiting(queueing_locks: Sequence[str]) -> None:
    """Take back jobs that wait under these locks, because what they were for is done. One statement."""
    if not queueing_locks:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%s)", [list(queueing_locks)]
        )
