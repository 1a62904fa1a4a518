"""A limit of time that holds even where Python itself hangs: in a regular expression, or in a library's own code."""

import faulthandler
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_deadlines: dict[object, float] = {}


@contextmanager
def ending_after(seconds: float) -> Iterator[None]:
    """End the whole process, with a traceback of every thread on standard error, unless the block ends in time.

    For work that may be cut off at any moment and has counted its try before it began: no thread can be stopped alone,
    and whoever supervises the process starts a new one. Several threads may have a limit each.
    """
    key = object()
    _change(key, time.monotonic() + seconds)
    try:
        yield
    finally:
        _change(key, None)


def _change(key: object, deadline: float | None) -> None:
    """Set the one alarm of the process to the deadline that comes first. It rings without Python's help."""
    with _lock:
        if deadline is None:
            del _deadlines[key]
        else:
            _deadlines[key] = deadline
        if _deadlines:
            left = min(_deadlines.values()) - time.monotonic()
            faulthandler.dump_traceback_later(max(left, 0.001), exit=True)
        else:
            faulthandler.cancel_dump_traceback_later()
