"""`deskhand worker`: jobs, periodic tasks, the LMTP door and the mailboxes read by IMAP."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

from deskhand.project import env
from deskhand.project.cli.desk import desk, require_migrated
from deskhand.project.cli.web import require_free_port
from deskhand.project.supervised import end_with_supervisor

if TYPE_CHECKING:
    from deskhand.project.forked import Forked

logger = logging.getLogger(__name__)


@click.command()
@click.option("--supervised", is_flag=True, hidden=True)
def worker(supervised: bool) -> None:
    """Run the worker alone, until Ctrl-C or SIGTERM: jobs, periodic tasks and incoming mail."""
    if not supervised:
        require_free_lmtp_port()
    with desk():
        require_migrated(supervised=supervised)
        try:
            _run(supervised=supervised)
        except Exception:
            logger.exception("The worker cannot go on.")
            sys.exit(1)  # whoever supervises starts a new one


def require_free_lmtp_port() -> None:
    """Raise `ConfigurationError` when the LMTP door is wanted and its port is taken."""
    if env.LMTP_PORT.read():
        require_free_port(env.LMTP_HOST.read(), env.LMTP_PORT.read(), setting=env.LMTP_PORT.name)


def _run(*, supervised: bool) -> None:
    """Run this process and those beside it until a signal."""
    from django.db import connections

    from deskhand.project.forked import Forked
    from deskhand.project.working import GRACE_SECONDS, count_processes, work_beside

    connections.close_all()  # one belongs to one process
    with Forked(work_beside, count=count_processes() - 1, grace_seconds=GRACE_SECONDS) as beside:
        if supervised:
            end_with_supervisor()
        asyncio.run(_work(beside))


async def _work(beside: "Forked") -> None:
    """Serve until a signal, or until a process beside this one is lost; then finish the jobs at hand."""
    from deskhand.mail.watching import watching
    from deskhand.project import schedule  # noqa: F401 -- registers the periodic tasks
    from deskhand.project.working import IN_FIRST, end_alone, stop_at_signals, working_off

    stop = stop_at_signals()
    for descriptor in beside.sentinels:
        asyncio.get_running_loop().add_reader(descriptor, end_alone, stop, "a process of the worker ended")
    async with AsyncExitStack() as stack:
        if env.LMTP_PORT.read():
            from deskhand.mail import lmtp

            await stack.enter_async_context(lmtp.serve(env.LMTP_HOST.read(), env.LMTP_PORT.read()))
        await stack.enter_async_context(watching())
        await stack.enter_async_context(working_off(IN_FIRST, stop))
        try:
            await stop
        finally:
            beside.tell_to_end()
