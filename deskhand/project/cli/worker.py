"""`deskhand worker`: jobs, periodic tasks, the LMTP door and the mailboxes read by IMAP."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from typing import cast

import click

from deskhand.project import env
from deskhand.project.cli.desk import desk, require_migrated
from deskhand.project.cli.web import require_free_port
from deskhand.project.supervised import end_with_supervisor

CONCURRENT_JOBS = 4
GRACE_SECONDS = 30.0
DELETE_JOBS = "successful"

logger = logging.getLogger(__name__)


@click.command()
@click.option("--supervised", is_flag=True, hidden=True)
def worker(supervised: bool) -> None:
    """Run the worker alone, until Ctrl-C or SIGTERM: jobs, periodic tasks and incoming mail."""
    if supervised:
        end_with_supervisor()
    else:
        require_free_lmtp_port()
    with desk():
        require_migrated()
        try:
            asyncio.run(_work())
        except Exception:
            logger.exception("The worker cannot go on.")
            sys.exit(1)  # whoever supervises starts a new one


def require_free_lmtp_port() -> None:
    """Raise `ConfigurationError` when the LMTP door is wanted and its port is taken."""
    if env.LMTP_PORT.read():
        require_free_port(env.LMTP_HOST.read(), env.LMTP_PORT.read(), setting=env.LMTP_PORT.name)


async def _work() -> None:
    """Serve until a signal; then finish the jobs at hand."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from deskhand.mail.reading_apart import reading_apart
    from deskhand.mail.watching import watching
    from deskhand.project import schedule  # noqa: F401 -- registers the periodic tasks

    async with AsyncExitStack() as stack:
        if env.LMTP_PORT.read():
            from deskhand.mail import lmtp

            await stack.enter_async_context(lmtp.serve(env.LMTP_HOST.read(), env.LMTP_PORT.read()))
        await stack.enter_async_context(watching())
        stack.enter_context(reading_apart())
        # A second app for the worker's own queries: `app` keeps Django's connection, so that what a
        # task or the LMTP door defers still commits or rolls back together with what it writes.
        connector = cast("DjangoConnector", app.connector).get_worker_connector()
        working = await stack.enter_async_context(app.with_connector(connector).open_async())
        await working.run_worker_async(
            concurrency=CONCURRENT_JOBS,
            delete_jobs=DELETE_JOBS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            install_signal_handlers=True,
        )
