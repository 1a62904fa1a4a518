"""What a process does to notice that the one it belongs to is gone."""

import os
import signal
import sys
import threading
import time

LONGEST_END_SECONDS = 60.0
"""Longer than any supervisor of ours waits."""


def end_with_supervisor() -> None:
    """Send this process SIGTERM once its standard input reaches its end."""
    end_with_pipe(sys.stdin.fileno())


def end_with_pipe(descriptor: int) -> None:
    """Send this process SIGTERM once this end of a pipe reaches its end, and end it for good if that does not help."""
    threading.Thread(target=_wait_for_end, args=[descriptor], name="supervisor-watch", daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    try:
        while os.read(descriptor, 1):
            pass
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LONGEST_END_SECONDS)
    os._exit(1)
