"""What the worker's processes do: work off queues of jobs until they are told to end."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from deskhand.mail.deferring import INCOMING

ORDINARY = "default"
"""The queue of every task that names none."""
IN_FIRST: Mapping[str, int] = MappingProxyType({ORDINARY: 4, INCOMING: 1})
"""Queues of the first process, and how many jobs of each it does at the same time, in threads."""
IN_OTHERS: Mapping[str, int] = MappingProxyType({INCOMING: 1})
"""Judging a mail is Python most of the time: threads would take turns at it, and get in each other's way."""
MOST_PROCESSES = 2
POLL_SECONDS = 1.0
"""Between looks for a job without having heard of one: a notice that comes during a look is lost."""
GRACE_SECONDS = 30.0
DELETE_JOBS = "successful"

Stop = asyncio.Future[None]
"""Done once all is to end: with an exception where nobody asked for it."""


class EndedAlone(Exception):
    """A part of the worker ended though nobody told it to."""


def count_processes() -> int:
    """Return how many processes a worker is: no more than this machine lets run side by side."""
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))


def work_beside() -> None:
    """Work off what the first process shares with others, until SIGTERM."""

    async def work() -> None:
        stop = stop_at_signals()
        async with working_off(IN_OTHERS, stop):
            await stop

    asyncio.run(work())


def stop_at_signals() -> Stop:
    """Return what is done after SIGTERM or Ctrl-C; call it in the running loop."""
    loop = asyncio.get_running_loop()
    stop: Stop = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, stop)
    return stop


def end_alone(stop: Stop, why: str) -> None:
    """Let all end because a part has, unless it is ending already."""
    if not stop.done():
        stop.set_exception(EndedAlone(why))


@asynccontextmanager
async def working_off(queues: Mapping[str, int], stop: Stop) -> AsyncIterator[None]:
    """Work off queues while the block runs, and then finish the jobs at hand."""
    from procrastinate.contrib.django import app

    from deskhand.mail.reading_apart import reading_apart
    from deskhand.project.job_connections import open_connector

    # A second app for the worker's own queries: `app` keeps Django's connection, so that what a
    # task or the LMTP door defers still commits or rolls back together with what it writes.
    async with app.with_connector(open_connector()).open_async() as working:
        with reading_apart():
            workers = [
                asyncio.create_task(
                    working.run_worker_async(
                        queues=[queue],
                        concurrency=concurrency,
                        fetch_job_polling_interval=POLL_SECONDS,
                        delete_jobs=DELETE_JOBS,
                        shutdown_graceful_timeout=GRACE_SECONDS,
                        install_signal_handlers=False,
                    )
                )
                for queue, concurrency in queues.items()
            ]
            for worker in workers:
                worker.add_done_callback(lambda _: end_alone(stop, "working off a queue ended"))
            try:
                yield
            finally:
                for worker in workers:
                    worker.cancel()  # which lets it finish the jobs at hand
                await asyncio.gather(*workers, return_exceptions=True)


def _end(stop: Stop) -> None:
    if not stop.done():
        stop.set_result(None)
