"""Processes forked from this one before it has threads or connections, which share its loaded code and end with it."""

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from typing import Self

from deskhand.project.supervised import end_with_pipe

SECONDS_AFTER_FAILURE = 5.0


class Forked:
    """Processes that all do the same work; a context manager, entered before anything is opened.

    They get SIGTERM once this process closes their pipe, which the system does too should it be killed.
    """

    def __init__(self, work: Callable[[], None], *, count: int, grace_seconds: float) -> None:
        """Start nothing yet. `grace_seconds`: how long the work may take to end when told to."""
        self._work = work
        self._grace = grace_seconds
        self._told_by, self._tells = -1, -1
        context = multiprocessing.get_context("fork")
        self._processes = [context.Process(target=self._run) for _ in range(count)]

    def __enter__(self) -> Self:
        """Start them."""
        gc.collect()
        gc.freeze()  # what is loaded by now stays shared: the collector writes to no page of it
        self._told_by, self._tells = os.pipe()
        for process in self._processes:
            process.start()
        os.close(self._told_by)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Wait for their end, and kill what does not come to one: soon, where the block failed.

        Told to end once more meanwhile, this process goes on waiting: what it holds is theirs too.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        self.tell_to_end()
        deadline = time.monotonic() + (self._grace if kind is None else SECONDS_AFTER_FAILURE)
        for process in self._processes:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

    @property
    def sentinels(self) -> list[int]:
        """File descriptors, one a process, that become readable when it has ended."""
        return [process.sentinel for process in self._processes]

    def tell_to_end(self) -> None:
        """Tell them to end, and go on."""
        if self._tells >= 0:
            os.close(self._tells)
            self._tells = -1

    def _run(self) -> None:
        os.close(self._tells)
        end_with_pipe(self._told_by)
        self._work()
