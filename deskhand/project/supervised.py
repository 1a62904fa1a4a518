"""What a supervised process does to notice that its supervisor is gone."""

import os
import signal
import sys
import threading


def end_with_supervisor() -> None:
    """Send this process SIGTERM once its standard input reaches its end."""
    threading.Thread(target=_wait_for_end, name="supervisor-watch", daemon=True).start()


def _wait_for_end() -> None:
    try:
        while os.read(sys.stdin.fileno(), 1):
            pass
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGTERM)
