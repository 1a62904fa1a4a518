"""The worker's own connections: they see a job at once, wait for no disk, and outlive the server's closing them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from procrastinate import PsycopgConnector

from deskhand.project.job_connections import open_connector

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE_SECONDS = 20
WHO = "SELECT pg_backend_pid() AS pid"


def with_connector(work: Callable[[PsycopgConnector], Awaitable[None]]) -> None:
    async def run() -> None:
        connector = open_connector()
        await connector.open_async()
        try:
            await asyncio.wait_for(work(connector), DEADLINE_SECONDS)
        finally:
            await connector.close_async()

    asyncio.run(run())


def test_statements_share_a_connection_and_do_not_wait_for_the_disk() -> None:
    async def work(connector: PsycopgConnector) -> None:
        first, second = [await connector.execute_query_one_async(WHO) for _ in range(2)]
        assert first == second
        assert await connector.execute_query_one_async("SHOW synchronous_commit") == {"synchronous_commit": "off"}

    with_connector(work)


def test_what_is_written_is_committed_at_once() -> None:
    async def work(connector: PsycopgConnector) -> None:
        async with connector.pool.connection() as mine, connector.pool.connection() as other:
            written = await mine.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
            seen = await other.execute("SELECT id FROM procrastinate_workers WHERE id = %s", await written.fetchone())
            assert seen.rowcount == 1

    with_connector(work)


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    async def work(connector: PsycopgConnector) -> None:
        async with connector.pool.connection() as mine, connector.pool.connection() as other:
            gone = mine.info.backend_pid
            await other.execute("SELECT pg_terminate_backend(%s, 10000)", [gone])  # returns once it is gone
        left = [(await connector.execute_query_one_async(WHO))["pid"] for _ in range(4)]
        assert gone not in left

    with_connector(work)


def test_workers_hear_of_new_jobs() -> None:
    async def work(connector: PsycopgConnector) -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def hear(*, channel: str, payload: str) -> None:
            heard.put_nowait(payload)

        listening = asyncio.create_task(connector.listen_notify(hear, ["some-channel"]))
        while heard.empty():
            await connector.execute_query_async("SELECT pg_notify('some-channel', 'job')")
            await asyncio.sleep(0.01)
        assert heard.get_nowait() == "job"
        listening.cancel()

    with_connector(work)
