"""Keeping child processes running until told to stop."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

TICK_SECONDS = 0.2
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a child that ran this long has earned a fresh start
GRACE_SECONDS = 40.0
NOT_PREPARED = os.EX_UNAVAILABLE
"""What a child ends with when the database lacks this release's migrations."""
FINAL = frozenset({os.EX_CONFIG, NOT_PREPARED})


@dataclass
class Child:
    """A process to be kept running.

    It gets a pipe as standard input that nobody writes to: it reads end-of-file when the
    supervisor is gone, however that came about, and should then end too.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    pause_seconds: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0
    started_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, outside the terminal's foreground group so that Ctrl-C is ours alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own command
            self.command, env=self.environment, stdin=subprocess.PIPE, process_group=0
        )

    def signal(self, number: int) -> None:
        """Send a signal unless the process has ended."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def close_pipe(self) -> None:
        """Let go of our end of the ended process's standard input."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def plan_restart(self) -> float:
        """Forget the ended process and return the seconds until the next start, longer each time."""
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        self.close_pipe()
        self.process = None
        pause = self.pause_seconds
        self.start_at = time.monotonic() + pause
        self.pause_seconds = min(pause * 2, LONGEST_PAUSE_SECONDS)
        return pause


class Supervisor:
    """Runs children, starts again whichever ends, and stops them all on SIGTERM or Ctrl-C."""

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], None], on_tick: Callable[[], None]) -> None:
        """Supervise `children`; `on_tick` is called several times a second and must be quick."""
        self.children = children
        self.say = say
        self.on_tick = on_tick
        self.signals = 0

    def run(self) -> int:
        """Run until told to stop; return 0 after a graceful stop, 130 after a forced one.

        A child that ends with 78 (EX_CONFIG) has a setting to be mended, with 69 (NOT_PREPARED) something else has to
        be done first: then all stop with that.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        code = 0
        try:
            while not self.signals and not code:
                code = self._look_after_children()
                self.on_tick()
                time.sleep(TICK_SECONDS)
        finally:
            code = self._stop() or code
        return code

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def _look_after_children(self) -> int:
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.start_at:
                    child.start()
                continue
            code = child.process.poll()
            if code in FINAL:
                return code
            if code is not None:
                pause = child.plan_restart()
                self.say(f"The {child.name} ended ({_ending(code)}); starting it again in {pause:g} s.")
        return 0

    def _stop(self) -> int:
        """End every child: politely, then after a while, or at a second signal, at once."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            child.signal(signal.SIGTERM)
        told, deadline, code = self.signals, time.monotonic() + GRACE_SECONDS, 0
        while any(child.process and child.process.poll() is None for child in running):
            if not code and (self.signals > max(told, 1) or time.monotonic() > deadline):
                for child in running:
                    child.signal(signal.SIGKILL)
                self.say("Stopped by force; interrupted jobs are taken up at the next start.")
                code = 130
            time.sleep(TICK_SECONDS)
        for child in running:
            child.close_pipe()
        return code


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
