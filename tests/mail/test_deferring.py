"""A job that follows what a transaction stores: one waits, and none begins before it can see that."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from deskhand.mail.deferring import defer_after_this
from deskhand.mail.tasks import process_lane

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
LOCK = "some-lane"


def defer() -> None:
    defer_after_this(process_lane, lock=LOCK, queueing_lock=LOCK, lane=3)


def fetched() -> int | None:
    """Take the next job as a worker does."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", cursor.fetchone())
        row = cursor.fetchone()
    return None if row is None else row[0]


def elsewhere(do: Callable[[], T]) -> T:
    """Do something on another connection."""

    def whole() -> T:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(whole).result(20)


def jobs() -> list[tuple[int, str]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("id", "status"))


def test_many_share_the_one_that_waits() -> None:
    for _ in range(3):
        defer()
    ((_, status),) = jobs()
    assert status == "todo"


def test_the_one_that_waits_does_not_begin_before_the_transaction_ends() -> None:
    defer()
    ((job, _),) = jobs()
    with transaction.atomic():
        defer()
        assert elsewhere(fetched) is None
    assert elsewhere(fetched) == job


def test_workers_hear_of_it_when_the_transaction_ends() -> None:
    defer()
    ((job, _),) = jobs()
    with connection.cursor() as cursor:
        cursor.execute('LISTEN "procrastinate_queue_v1#incoming"')
    with transaction.atomic():
        defer()
        assert list(connection.connection.notifies(timeout=0.1)) == []
    heard = [json.loads(one.payload) for one in connection.connection.notifies(timeout=0.2)]
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
    assert heard == [{"type": "job_inserted", "job_id": job}]


def test_one_that_has_begun_cannot_see_it_so_another_one_waits() -> None:
    defer()
    began = fetched()
    defer()
    (first, second) = jobs()
    assert first == (began, "doing")
    assert second[1] == "todo"


def test_what_is_rolled_back_leaves_no_job() -> None:
    with transaction.atomic():
        defer()
        transaction.set_rollback(True)
    assert jobs() == []
    assert elsewhere(fetched) is None


def test_two_transactions_at_once_share_one() -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(elsewhere, defer) for _ in range(12)]:
            done.result(20)
    assert len(jobs()) == 1
