"""`deskhand web`: the web server alone."""

import asyncio
import errno
import os
import resource
import signal
import socket

import click

from deskhand.project import env
from deskhand.project.cli.desk import desk, require_migrated
from deskhand.project.supervised import end_with_supervisor

DRAIN_SECONDS = 25.0
CONNECTIONS = 8192
"""How many may be open at once. Every page in a browser keeps one, for what happens meanwhile."""
OTHER_FILES = 1024


@click.command()
@click.option("--supervised", is_flag=True, hidden=True)
def web(supervised: bool) -> None:
    """Run the web server alone, until Ctrl-C or SIGTERM."""
    host, port = env.HOST.read(), env.PORT.read()
    require_free_port(host, port)
    if supervised:
        end_with_supervisor()
    _allow_files(CONNECTIONS + OTHER_FILES)
    with desk():
        require_migrated(supervised=supervised)
        stopped_in_time = asyncio.run(_serve(host, port))
    if not stopped_in_time:
        os._exit(1)  # a thread of a request that never ends would hold the interpreter for ever


def require_free_port(host: str, port: int, *, setting: str = env.PORT.name) -> None:
    """Raise `ConfigurationError`, naming the setting of the port, when nothing can listen on this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise env.ConfigurationError(
                f"Port {port} is in use by another program: stop that, or set {setting}."
            ) from error
        raise env.ConfigurationError(
            f"Nothing can listen on {host} port {port} ({error.strerror}): change DESKHAND_HOST or DESKHAND_PORT."
        ) from error


def _allow_files(wanted: int) -> None:
    """Let this process have so many files and connections open, as far as the system lets it; mostly it is 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def _serve(host: str, port: int) -> bool:
    """Serve until a signal; then let running requests end. Return whether they did in time."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from deskhand.project import asgi

    server = Server(
        asgi.application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
    )
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    asgi.end_streams()
    server.stop()  # type: ignore[no-untyped-call]
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await serving
    except TimeoutError:
        return False
    finally:
        waiting.cancel()
    return True
