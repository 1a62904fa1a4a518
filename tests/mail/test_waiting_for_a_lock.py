"""Jobs of one lane of outgoing or incoming mail share a lock: the next begins as soon as one has ended."""

import json

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
FINISH = "SELECT procrastinate_finish_job_v1(%s, %s::procrastinate_job_status, %s)"


def job(status: str, *, lock: str | None, queue: str = "default") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock, status, abort_requested)"
            " VALUES (%s, 'project.some_task', '{}', %s, %s::procrastinate_job_status, false) RETURNING id",
            [queue, lock, status],
        )
        return int(cursor.fetchone()[0])


def heard_when(statement: str, *params: int | str | bool, queue: str = "default") -> list[int]:
    """Return the jobs that workers of a queue hear of while a statement runs."""
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "procrastinate_queue_v1#{queue}"')
        cursor.execute(statement, params)
        heard = [json.loads(one.payload) for one in connection.connection.notifies(timeout=0.2)]
        cursor.execute("UNLISTEN *")
    assert all(one["type"] == "job_inserted" for one in heard)
    return [one["job_id"] for one in heard]


@pytest.mark.parametrize(("end", "is_deleted"), [("succeeded", True), ("failed", False)])
def test_workers_hear_of_what_waited_for_the_lock(end: str, is_deleted: bool) -> None:
    running, first, _second = job("doing", lock="a"), job("todo", lock="a", queue="incoming"), job("todo", lock="a")
    job("todo", lock="b")
    assert heard_when(FINISH, running, end, is_deleted, queue="incoming") == [first]


def test_workers_hear_nothing_where_the_job_itself_is_next() -> None:
    running = job("doing", lock="a")
    job("todo", lock="a")
    later = "SELECT procrastinate_retry_job_v2(%s, now() + interval '1 hour', NULL, NULL, NULL)"
    assert heard_when(later, running) == []


def test_workers_hear_nothing_where_nothing_waited() -> None:
    running, free = job("doing", lock="a"), job("doing", lock=None)
    job("todo", lock="b")
    job("todo", lock=None)
    assert heard_when(FINISH, running, "succeeded", True) == []
    assert heard_when(FINISH, free, "succeeded", True) == []
