"""The connections with which a worker asks for jobs and says what became of them, apart from those of the jobs."""

import select
from typing import Any

from procrastinate import PsycopgConnector
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

MOST_CONNECTIONS = 4


def open_connector() -> PsycopgConnector:
    """Return a connector for one process of a worker; its connections open with the app that has it.

    Each of its statements is a transaction of its own. It commits before it is on the disk: after a crash of the
    machine the last jobs are found as they were before, begun or waiting, and all of them may run twice.
    """
    return PsycopgConnector(
        pool_factory=_make_pool,
        kwargs={**connector_params(), "prepare_threshold": 0},
        configure=_commit_at_once,
        min_size=1,
        max_size=MOST_CONNECTIONS,
    )


def _make_pool(**given: Any) -> "AsyncConnectionPool[Any]":
    return AsyncConnectionPool(**{**given, "check": check_if_heard_from})


async def _commit_at_once(connection: "AsyncConnection[Any]") -> None:
    await connection.set_autocommit(True)
    await connection.execute("SET synchronous_commit TO off")


async def check_if_heard_from(connection: "AsyncConnection[Any]") -> None:
    """Ask a connection whether it still works, if the server said something unasked, as it does when it closes one.

    Raises psycopg.OperationalError if it does not. Asking each time cost half as much as fetching a job.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(connection)
