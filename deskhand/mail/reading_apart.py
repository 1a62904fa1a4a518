"""Reading mails in a process of its own: whatever one does to its reader, the worker goes on, and meanwhile too.

Where no such process was asked for, as in commands and tests, mails are read on the spot.
"""

import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from deskhand.core.wall_clock import ending_after
from deskhand.mail.reading import Reading, Unread, attempt

COMMAND = (sys.executable, "-m", "deskhand.mail.reading_process")
SECONDS_A_MAIL = 120
"""Far beyond what the limits before parsing let any mail take."""
LARGE_BYTES = 2_000_000
"""A process that read so much is not kept, for it would stay as large."""


class ReaderLost(Exception):
    """The reading process died or took too long, over one of the mails that it had."""


class Reader:
    """A process that reads mails; it is started when first needed, and anew after it was lost. Threads take turns."""

    def __init__(self, command: Sequence[str] = COMMAND, *, seconds_a_mail: float = SECONDS_A_MAIL) -> None:
        """Start nothing yet."""
        self._command = command
        self._seconds = seconds_a_mail
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, raws: Sequence[bytes]) -> list[Reading | Unread]:
        """Return what was read of each mail, in order. Raises ReaderLost; the next call finds a new process."""
        with self._turn:
            try:
                answers = self._ask(raws)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._end()
                raise ReaderLost("the process that read it died or took too long") from error
            if any(len(raw) > LARGE_BYTES for raw in raws):
                self._end()
            return answers

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _ask(self, raws: Sequence[bytes]) -> list[Reading | Unread]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 -- our own
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise EOFError
        pickle.dump(list(raws), asked, protocol=pickle.HIGHEST_PROTOCOL)
        asked.flush()
        waiting = select.poll()
        waiting.register(answered, select.POLLIN)
        if not waiting.poll(self._seconds * 1000 * len(raws)):
            raise TimeoutError
        answers: list[Reading | Unread] = pickle.load(answered)  # noqa: S301 -- from a process of our own
        return answers

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with suppress(OSError):  # what was not written yet goes nowhere
            process.communicate()


_apart: list[Reader] = []
"""The one that runs, if any."""


@contextmanager
def reading_apart(reader: Reader | None = None) -> Iterator[None]:
    """Let `readings_of` read in another process while the block runs."""
    _apart.append(reader or Reader())
    try:
        yield
    finally:
        _apart.pop().close()


def readings_of(raws: Sequence[bytes]) -> list[Reading | Unread]:
    """Return what was read of each mail, in order. Raises ReaderLost."""
    for reader in _apart:
        return reader.read(raws)
    with ending_after(SECONDS_A_MAIL * len(raws)):
        return [attempt(raw) for raw in raws]
