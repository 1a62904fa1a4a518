"""Processes that die by kill -9 before a chosen statement to the database, as workers do when a machine is short."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

KILLED, FAILED = -signal.SIGKILL, 70


class _Doom:
    """Counts the statements of every connection of this process, and ends it before the last one."""

    def __init__(self, statements: int) -> None:
        self._left = statements
        self._lock = Lock()

    def watch(self, *, connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(self._count)

    def _count(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        with self._lock:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def start(work: Callable[[], None], *, killed_before: int | None) -> int:
    """Begin `work` in a process of its own, which is killed before its nth statement; returns the process id."""
    connections.close_all()  # a connection is of one process
    child = os.fork()
    if child:
        return child
    try:
        if killed_before is not None:
            doom = _Doom(killed_before)
            connection_created.connect(doom.watch, weak=False)
        work()
        connections.close_all()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- nothing of the test may go on in the child
        sys.stderr.write(traceback.format_exc())
        sys.stderr.flush()
        os._exit(FAILED)


def ended(child: int) -> int:
    """Wait for the end of a process; returns its exit code, KILLED where it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(work: Callable[[], None], *, killed_before: int | None = None) -> int:
    """Do `work` in a process of its own until it ends or is killed; returns its exit code."""
    return ended(start(work, killed_before=killed_before))
