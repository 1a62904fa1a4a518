import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskhand.project.supervisor import NOT_PREPARED, Child, Supervisor
from tests.project.desks import DEADLINE_SECONDS, ROOT, environment, wait_until

WAITS = "import sys; sys.stdin.read()"
IGNORES = """
import pathlib, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""


@pytest.fixture(autouse=True)
def _kept_handlers() -> Iterator[None]:
    """Give pytest its signal handlers back."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    kept = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, kept, strict=True):
        signal.signal(number, handler)


def python(name: str, script: str, *arguments: str) -> Child:
    return Child(name, [sys.executable, "-c", script, *arguments], dict(os.environ))


def supervise(children: list[Child], on_tick: Callable[[], None]) -> tuple[int, list[str]]:
    said: list[str] = []
    deadline = time.monotonic() + DEADLINE_SECONDS

    def tick() -> None:
        assert time.monotonic() < deadline
        on_tick()

    return Supervisor(children, say=said.append, on_tick=tick).run(), said


def stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_starts_a_killed_child_again() -> None:
    child = python("worker", WAITS)
    seen: list[int] = []

    def tick() -> None:
        if child.process is None or child.process.pid in seen:
            return
        seen.append(child.process.pid)
        if len(seen) == 1:
            child.signal(signal.SIGKILL)
        else:
            stop()

    code, said = supervise([child], tick)
    assert code == 0
    assert len(seen) == 2
    assert said == ["The worker ended (signal SIGKILL); starting it again in 0.5 s."]


def test_waits_longer_each_time_a_child_ends_at_once() -> None:
    child = python("worker", "raise SystemExit(3)")
    _, said = supervise([child], lambda: stop() if child.pause_seconds >= 2 else None)
    assert said[:2] == [
        "The worker ended (exit code 3); starting it again in 0.5 s.",
        "The worker ended (exit code 3); starting it again in 1 s.",
    ]


@pytest.mark.parametrize("last", [os.EX_CONFIG, NOT_PREPARED])
def test_stops_everything_when_something_is_to_be_done_first(last: int) -> None:
    steady = python("web", WAITS)
    code, said = supervise([steady, python("worker", f"raise SystemExit({last})")], lambda: None)
    assert (code, said) == (last, [])
    assert steady.process is not None
    assert steady.process.poll() is not None


def test_lets_children_finish_when_told_to_stop(tmp_path: Path) -> None:
    finishing = (
        "import pathlib, signal, sys\n"
        "def finish(*_):\n    pathlib.Path(sys.argv[2]).touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, finish); pathlib.Path(sys.argv[1]).touch(); signal.pause()"
    )
    began, finished = tmp_path / "began", tmp_path / "finished"
    child = python("web", finishing, str(began), str(finished))
    code, _ = supervise([child], lambda: stop() if began.exists() else None)
    assert code == 0
    assert finished.exists()


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    began = tmp_path / "began"
    child = python("worker", IGNORES, str(began))
    supervisor = Supervisor([child], say=lambda _: None, on_tick=lambda: stop() if began.exists() else None)

    def impatient(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGALRM, impatient)
    signal.setitimer(signal.ITIMER_REAL, 2)
    assert supervisor.run() == 130


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, sys
from deskhand.project.supervisor import NOT_PREPARED, Child, Supervisor
child = "import sys, os, signal, pathlib, deskhand.project.supervised as s; s.end_with_supervisor(); " \
        "pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid())); signal.pause()"
Supervisor([Child("c", [sys.executable, "-c", child], dict(os.environ))], say=print, on_tick=lambda: None).run()
"""
    supervisor = subprocess.Popen([sys.executable, "-c", script], env=environment(tmp_path), cwd=ROOT)
    pid_file = tmp_path / "pid"
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", "the child runs")
    supervisor.kill()
    supervisor.wait()
    pid = int(pid_file.read_text())
    wait_until(lambda: not runs(pid), "the child has ended")


def runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().split()[2] != "Z"
